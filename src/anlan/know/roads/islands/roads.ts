/** The looks of what lies around a place: on the map's panel and on a page without a map. */
import "./roads.css";
