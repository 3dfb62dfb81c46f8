export const READ_ONLY_REASON_ID = 'read-only-reason';
