import type { LabEndpoint } from '../../contract/host-description.ts';
import { emptyDraft, useDraft } from '../state/draft.ts';

/** Opens an endpoint of the lab, as if its address had been typed in. */
export function tryEndpoint(endpoint: LabEndpoint): void {
  useDraft.getState().edit({ ...emptyDraft, url: endpoint.url });
  void useDraft.getState().connect();
}
