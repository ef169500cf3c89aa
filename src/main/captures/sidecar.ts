import { framings } from '../../core/sse/block.ts';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { CaptureId } from '../../contract/capture-id.ts';
import { captureOrigins, capturePhases, type CaptureSummary } from '../../contract/capture-summary.ts';
import { clientNames, endReasons } from '../../core/capture/record.ts';
import { severities } from '../../core/findings/finding.ts';
import { dialectNames } from '../../core/llm/dialects.ts';
import { writePrivateFile } from '../files/write-private-file.ts';

/** What is kept next to a capture's file. All but the name is a cache. */
export interface Sidecar {
  readonly name: string | null;
  /** The summary when the file had `size` bytes; null if only a name is kept. */
  readonly summary: { readonly of: CaptureSummary; readonly size: number } | null;
}

const at = z.number().nullable();
const count = z.number().nonnegative();
const headers = z.array(z.tuple([z.string(), z.string()]));
const summary = z.object({
  id: z.string(),
  revision: count,
  name: z.string().nullable(),
  request: z.object({
    method: z.string(),
    url: z.string(),
    headers,
    client: z.enum(clientNames),
    body: z.string().optional(),
  }),
  startedAt: z.string(),
  phase: z.enum(capturePhases),
  status: z.number().nullable(),
  contentType: z.string().nullable(),
  framing: z.enum(framings).nullable(),
  end: z
    .object({
      reason: z.enum(endReasons),
      at,
      error: z.object({ code: z.string(), message: z.string() }).nullable(),
    })
    .nullable(),
  rows: z.object({ chunks: count, blocks: count, documents: count }),
  dispatched: count,
  bytes: count,
  wireBytes: count,
  firstByteAt: at,
  lastAt: at,
  rates: z.object({ eventsPerSecond: count, bytesPerSecond: count }).nullable(),
  gaps: z.object({ p50: count, p95: count, max: count }).nullable(),
  silences: z.object({
    threshold: count.nullable(),
    stalls: z.array(z.object({ at: z.number(), ms: count })),
    stallCount: count,
    openSince: at,
  }),
  output: z
    .object({
      dialect: z.enum(dialectNames),
      firstTokenAt: at,
      tokens: count,
      tokensPerSecond: count.nullable(),
    })
    .nullable(),
  worst: z.enum(severities).nullable().default(null),
  warnings: z.array(z.object({ code: z.string(), message: z.string() })),
  origin: z.enum(captureOrigins),
});
const sidecar = z.object({
  version: z.literal(1),
  name: z.string().nullable(),
  summary: z.object({ of: summary, size: count }).nullable().catch(null),
});

/** Where the sidecar of a capture is. */
export function sidecarPath(folder: string, id: CaptureId): string {
  return join(folder, `${id}.json`);
}

/** Reads a sidecar; null if it is missing or damaged, which loses only the name. */
export async function readSidecar(path: string): Promise<Sidecar | null> {
  try {
    const parsed = sidecar.safeParse(JSON.parse(await readFile(path, 'utf8')));
    // The schema follows the contract's type, except for brands and literal types.
    return parsed.success ? (parsed.data as unknown as Sidecar) : null;
  } catch {
    return null;
  }
}

/** Writes a sidecar atomically. Rejects with the file system's error. */
export async function writeSidecar(path: string, content: Sidecar): Promise<void> {
  await writePrivateFile(path, JSON.stringify({ version: 1, ...content }));
}
