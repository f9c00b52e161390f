import type { DaoChainError } from "../errors.ts";
import type { ImageSource } from "../image/image.ts";
import type { Message } from "../messages/message.ts";

/** Where an image stands that runs, or could. */
export interface Place {
  readonly kind: "image" | "container" | "compose" | "kubernetes" | "list";
  /** the image's name in an engine, a container's, a service's, an object's kind and name; empty in a list */
  readonly name: string;
  /** the file that names it, as the caller called the file or its folder */
  readonly file?: string;
  /** from 1 on */
  readonly line?: number;
}

/** An image that was found, to be judged. */
export interface FoundImage {
  readonly place: Place;
  /** as it is called there; what is typed for `daochain verify` */
  readonly image: string;
  /** one image has one key, wherever it was found */
  readonly key: string;
  readonly open: () => Promise<ImageSource>;
}

/** What was found and cannot be judged. */
export interface UnreadPlace {
  readonly place: Place;
  /** the image as it is written there, or what stands in its place */
  readonly image: string;
  readonly reason: Message | DaoChainError;
  /** whether it is a service that names no image because compose builds it */
  readonly isBuilt?: boolean;
}

/** What an audit is about: an image that something names, or a place that could not be read. */
export type Finding = FoundImage | UnreadPlace;

/** Things in one file, or in one folder, that are looked at: no more than images in one call. */
export const maxFindings = 10_000;
