/** The longest line that is kept, in bytes without its ending. What is beyond stays in the capture alone. */
export const LINE_LIMIT = 16 * 1024 * 1024;

/** The most bytes of data, and of comments, that a block keeps. */
export const BLOCK_LIMIT = 64 * 1024 * 1024;
