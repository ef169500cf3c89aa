/** Buckets per doubling. The middle of a bucket is within a factor of 2^(1/64), 1.1 %, of its values. */
const perOctave = 32;
/** Shorter gaps, in ms, count as 0: noise of the clock. */
const smallest = 2 ** -10;
/** Up to 2^32 ms, seven weeks. */
const octaves = 42;

/**
 * The distribution of gaps, in ms, in fixed size: counts in buckets whose width grows with the gap. Quantiles are
 * accurate to 1.1 % (gaps under a microsecond count as 0); the greatest gap is exact.
 */
export class GapHistogram {
  readonly #counts = new Float64Array(octaves * perOctave + 1);
  #total = 0;
  #max = 0;

  /** Gaps counted. */
  get total(): number {
    return this.#total;
  }

  /** The greatest gap, or 0. */
  get max(): number {
    return this.#max;
  }

  /** Counts a gap. A negative one (from a file of another program) counts as 0. */
  add(gap: number): void {
    const bucket = bucketOf(gap);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#total += 1;
    if (gap > this.#max) this.#max = gap;
  }

  /** Number of gaps of at least this many ms, including all in the same bucket. */
  countFrom(gap: number): number {
    return this.#counts.subarray(bucketOf(gap)).reduce((sum, count) => sum + count, 0);
  }

  /** The gap below which `share` (0 to 1) of the gaps lie; 0 without gaps. */
  quantile(share: number): number {
    const wanted = Math.max(1, Math.ceil(share * this.#total));
    let seen = 0;
    for (const [bucket, count] of this.#counts.entries()) {
      seen += count;
      if (seen >= wanted) return Math.min(middleOf(bucket), this.#max);
    }
    return this.#max;
  }
}

function bucketOf(gap: number): number {
  if (!(gap >= smallest)) return 0;
  return Math.min(1 + Math.floor(Math.log2(gap / smallest) * perOctave), octaves * perOctave);
}

function middleOf(bucket: number): number {
  return bucket === 0 ? 0 : smallest * 2 ** ((bucket - 0.5) / perOctave);
}
