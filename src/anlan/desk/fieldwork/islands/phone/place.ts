/** Where the phone is: asked for while a form is open, never stored but with an answer. */
import type { Place } from "./shapes";

const FRESH = 5 * 60_000;

export class Whereabouts {
  private last: { place: Place; at: number } | null = null;
  private watching: number | null = null;
  private awaited: ((place: Place) => void)[] = [];

  begin(): void {
    if (this.watching !== null || !("geolocation" in navigator)) return;
    this.watching = navigator.geolocation.watchPosition(
      (found) => this.heard(found),
      () => {},
      { enableHighAccuracy: true, maximumAge: 30_000 },
    );
  }

  end(): void {
    if (this.watching !== null) navigator.geolocation.clearWatch(this.watching);
    this.watching = null;
    this.awaited = [];
  }

  /** Calls back once with the first place found while the form is open. */
  first(found: (place: Place) => void): void {
    const known = this.now();
    if (known) found(known);
    else this.awaited.push(found);
  }

  /** The last place known, unless it is older than five minutes. */
  now(): Place | null {
    return this.last && Date.now() - this.last.at < FRESH ? this.last.place : null;
  }

  /** A place found now, or a sentence of the browser's why not. */
  find(): Promise<Place> {
    return new Promise((found, failed) => {
      if (!("geolocation" in navigator)) return failed(new Error("geolocation"));
      navigator.geolocation.getCurrentPosition(
        (position) => found(this.heard(position)),
        (error) => failed(new Error(error.message)),
        { enableHighAccuracy: true, timeout: 20_000, maximumAge: 30_000 },
      );
    });
  }

  private heard({ coords }: GeolocationPosition): Place {
    const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6;
    const place = { lon: round(coords.longitude), lat: round(coords.latitude), accuracy: Math.round(coords.accuracy) };
    this.last = { place, at: Date.now() };
    for (const found of this.awaited.splice(0)) found(place);
    return place;
  }
}
