import { InputError } from "@bridgewise/core";

/** Provider of the scores that Google gives, and of no others. */
export const PERSPECTIVE = "perspective";

/** A person's name for a provider that is not Perspective; Perspective's own name is an InputError. */
export function ownProvider(name: string): string {
  const trimmed = name.trim();
  if (trimmed === "") throw new InputError("the provider's name is empty; leave it out for the usual one");
  if (trimmed.toLowerCase() === PERSPECTIVE)
    throw new InputError(
      `these scores are not Perspective's; give the provider another name than '${trimmed}', or none`,
    );
  return trimmed;
}
