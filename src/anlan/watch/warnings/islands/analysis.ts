/** The analysis is drawn on the server; only its looks come from here. */
import "./analysis.css";
