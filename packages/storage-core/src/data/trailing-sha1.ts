/** Hexadecimal digits that may follow the data of an upload (B2 docs, "Uploading Files": `hex_digits_at_end`). */
export const trailingSha1Length = 40;
