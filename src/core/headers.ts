/** Header fields in the order received, names as sent. */
export type HeaderList = readonly (readonly [name: string, value: string])[];
