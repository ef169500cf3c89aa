import type { FileHandle } from 'node:fs/promises';
import type { Lane } from '../../contract/lane.ts';
import { assertNever } from '../../core/assert-never.ts';
import type { CaptureIndex } from '../../core/capture/index/capture-index.ts';
import { BlockTexts } from './block-texts.ts';
import { BodyReader } from './body-reader.ts';
import { DocumentTexts } from './document-texts.ts';
import type { RecordMap } from './record-map.ts';

/** The content of an open capture: its index in memory, and what reads the rest back from its file. */
export class CaptureContent {
  readonly index: CaptureIndex;
  readonly body: BodyReader;
  readonly blocks: BlockTexts;
  readonly documents: DocumentTexts;

  constructor(file: FileHandle, index: CaptureIndex, map: RecordMap) {
    this.index = index;
    this.body = new BodyReader(file, index, map);
    this.blocks = new BlockTexts(index, this.body);
    this.documents = new DocumentTexts(index, this.blocks);
  }

  /** Rows of a lane so far. */
  length(lane: Lane): number {
    switch (lane) {
      case 'chunks':
        return this.index.chunks;
      case 'blocks':
        return this.index.blocks;
      case 'documents':
        return this.index.documents;
      default:
        return assertNever(lane);
    }
  }
}
