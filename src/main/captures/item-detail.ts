import type { ItemDetail, TextSource } from '../../contract/item.ts';
import type { Lane, RowSpan } from '../../contract/lane.ts';
import type { CaptureIndex } from '../../core/capture/index/capture-index.ts';
import type { BodyReader } from './body-reader.ts';
import type { BlockTexts } from './block-texts.ts';
import type { DocumentTexts } from './document-texts.ts';

export async function readDetail(
  lane: Lane,
  row: number,
  index: CaptureIndex,
  _body: BodyReader,
  _blocks: BlockTexts,
  _documents: DocumentTexts,
): Promise<ItemDetail> {
  throw new Error(`not yet ${lane} ${row} ${index.memory}` as string & TextSource & RowSpan);
}
