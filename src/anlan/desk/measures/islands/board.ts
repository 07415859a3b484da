/** The board is plain HTML; only its style is brought here. */
import "./measures.css";
