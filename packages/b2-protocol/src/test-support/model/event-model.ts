/**
 * The events that the model tells of, and the names of the rules that ask for them: each asks for all of its category.
 */
export const eventRules = {
  'all-created': 'b2:ObjectCreated',
  'all-deleted': 'b2:ObjectDeleted',
  'all-hidden': 'b2:HideMarkerCreated',
} as const;

export type EventType =
  | `b2:ObjectCreated:${'Upload' | 'Copy' | 'MultipartUpload'}`
  | `b2:ObjectDeleted:${'Delete' | 'LifecycleRule'}`
  | `b2:HideMarkerCreated:${'Hide' | 'LifecycleRule'}`;

/** An event as it is compared. */
export interface ToldEvent {
  readonly eventType: string;
  readonly eventTimestamp: number;
  readonly objectName: string;
  readonly objectVersionId: string;
  readonly objectSize: number;
}

/** In the order in which they happened. */
export type EventLog = ToldEvent[];

export function nothingTold(): EventLog {
  return [];
}

/** Tells of something that happened to a version now. */
export function tell(
  { events }: { readonly events: EventLog | null },
  eventType: EventType,
  { fileId, name, data }: { readonly fileId: string; readonly name: string; readonly data: string },
  now: number,
): void {
  events?.push({
    ...{ eventType, eventTimestamp: now },
    ...{ objectName: name, objectVersionId: fileId, objectSize: data.length },
  });
}
