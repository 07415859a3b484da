/** The app on the phone: see README.md of fieldwork. */
import "./phone/phone.css";
import { App } from "./phone/app";

void new App(document).start();
