/** Why Espejo does not start, in one sentence that says what to do. Nothing was written. */
export class StartFault extends Error {}
