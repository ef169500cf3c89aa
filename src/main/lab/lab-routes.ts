import { endpointStage } from './stages/endpoint.ts';
import type { AnyStreamRoute } from './stream-route.ts';

/** Every stream that the lab serves, in the order in which they are listed. */
export const labRoutes: readonly AnyStreamRoute[] = [endpointStage];
