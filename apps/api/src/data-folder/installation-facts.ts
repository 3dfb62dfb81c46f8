import { z } from 'zod';

/** The id of the installation, also in the marks of its folders. */
export const INSTALLATION_FACT = 'installation';
export const Installation = z.object({ id: z.string().min(1) });

/** The value by which the database recognises its secret; reset: the next secret is accepted. */
export const SECRET_CHECK_FACT = 'secret_check';
export const SecretCheck = z.union([z.object({ sealed: z.string() }), z.object({ isRenewed: z.literal(true) })]);

/** A user has confirmed that Espejo continues without the contents that the database names. */
export const MISSING_BLOBS_FACT = 'missing_blobs_accepted';
