/**
 * Boards keep themselves up to date:
 *
 *   <fresh-part data-src data-seen data-every="5" data-rooms="alarms warnings" data-at data-refresh>   a table of counters
 *   <facility-board data-values data-newest> … .gauge[data-point] … </facility-board>                   values of points
 *
 * A part is asked for again after a change of its rooms and every few seconds; the server answers 204 when nothing in it
 * changed. Values are asked for since the newest one known, and at once when an alarm moves.
 */
import "./boards.css";
import "./board/parts";
import "./board/gauges";
