/**
 * Milliseconds since the request of a capture began, monotonic, with a fraction; null if the input has no times (a raw
 * event-stream file).
 */
export type CaptureTime = number | null;
