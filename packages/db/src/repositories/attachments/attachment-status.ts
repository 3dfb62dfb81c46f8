export type AttachmentStatus = 'in_progress' | 'completed' | 'failed' | 'cancelled';
