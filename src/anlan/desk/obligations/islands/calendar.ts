/** The month of duties is plain HTML; only its style is brought here. */
import "./calendar.css";
