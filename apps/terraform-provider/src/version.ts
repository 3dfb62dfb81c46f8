/** The version in Terraform's lock files and in the folder of the mirror. */
export const VERSION = '0.1.0';
