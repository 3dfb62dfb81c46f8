import { z } from 'zod';

/** The installation's name for itself, also in the marks of its folders. */
export const INSTALLATION_FACT = 'installation';
export const Installation = z.object({ id: z.string().min(1) });

/** By this the database tells its secret from another one; renewed: the next secret that comes is the right one. */
export const SECRET_CHECK_FACT = 'secret_check';
export const SecretCheck = z.union([z.object({ sealed: z.string() }), z.object({ isRenewed: z.literal(true) })]);

/** A person has said that Espejo goes on without the contents that the database names. */
export const MISSING_BLOBS_FACT = 'missing_blobs_accepted';
