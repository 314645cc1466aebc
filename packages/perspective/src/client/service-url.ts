import { InputError } from "@bridgewise/core";

/**
 * Origin and path of a service's address without a slash at its end; what is no address, and what may hold a key,
 * is an InputError.
 */
export function serviceUrl(base: string): { readonly origin: string; readonly path: string } {
  const wayOut = "give an address as https://host/path";
  let url: URL;
  try {
    url = new URL(base);
  } catch {
    throw new InputError(`the base URL is no address; ${wayOut}`);
  }
  if (!/^https?:$/.test(url.protocol))
    throw new InputError(`the base URL begins with ${url.protocol}; ${wayOut}`);
  // neither is shown: it may be a key
  if (url.search !== "" || url.username !== "" || url.password !== "" || url.hash !== "")
    throw new InputError(
      "the base URL holds a query or a password; the key comes from the environment alone",
    );
  return { origin: url.origin, path: url.pathname.replace(/\/+$/, "") };
}
