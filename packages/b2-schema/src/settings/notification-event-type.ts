import type { B2ErrorCode } from '../values/error-codes.ts';

/** What can happen to a file that a rule may ask to be told of (B2 docs "Event Notifications"): category and member. */
export const notificationEventTypes = [
  'b2:ObjectCreated:Upload',
  'b2:ObjectCreated:MultipartUpload',
  'b2:ObjectCreated:Copy',
  'b2:ObjectCreated:Replica',
  'b2:ObjectCreated:MultipartReplica',
  'b2:ObjectDeleted:Delete',
  'b2:ObjectDeleted:LifecycleRule',
  'b2:HideMarkerCreated:Hide',
  'b2:HideMarkerCreated:LifecycleRule',
] as const;
/** The type of one event. */
export type NotificationEventType = (typeof notificationEventTypes)[number];

/** Whether a type in a rule, which may be all of a category (`b2:ObjectCreated:*`), covers the type of an event. */
export function coversEventType(inRule: string, eventType: string): boolean {
  return inRule === eventType || (inRule.endsWith(':*') && eventType.startsWith(inRule.slice(0, -1)));
}

/** The types of events that a rule with these types is told of. */
export function eventTypesCovered(inRule: readonly string[]): readonly NotificationEventType[] {
  return notificationEventTypes.filter((eventType) => inRule.some((each) => coversEventType(each, eventType)));
}

/**
 * What is wrong with the types of a rule. They may be of several categories. Each type comes once, and a category comes
 * either as a whole (`*`) or as single types.
 */
export function eventTypesProblem(types: readonly string[]): { code: B2ErrorCode; message: string } | undefined {
  if (types.length === 0)
    return { code: 'event_types_empty', message: 'An event notification rule must have at least one event type' };
  if (!types.every(isEventType))
    return { code: 'event_type_invalid', message: 'An event notification rule has an event type that does not exist' };
  const isAllAndSome = types.some(
    (type) => type.endsWith(':*') && types.some((other) => other !== type && coversEventType(type, other)),
  );
  if (new Set(types).size < types.length || isAllAndSome)
    return { code: 'event_type_overlap', message: 'The event types of an event notification rule must not overlap' };
  return undefined;
}

function isEventType(type: string): boolean {
  return notificationEventTypes.some((each) => type === each || type === `${categoryOf(each)}:*`);
}

function categoryOf(type: string): string {
  return type.slice(0, type.lastIndexOf(':'));
}
