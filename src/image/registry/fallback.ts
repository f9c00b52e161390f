import { DaoChainError, isDaoChainError } from "../../errors.ts";
import type { ImageSource } from "../image.ts";

/**
 * An image that was named without a transport: the local daemon's if it has it, else the registry's. Where the daemon cannot be asked, its
 * answer is not known; that is told first if the registry does not know the image either.
 */
export function daemonOrRegistryImage(
  daemon: ImageSource,
  openRegistry: () => Promise<ImageSource>,
): ImageSource {
  return {
    image: daemon.image,
    transport: daemon.transport,
    inspect: async (options = {}) => {
      let local: DaoChainError;
      try {
        return await daemon.inspect(options);
      } catch (error) {
        if (!isDaoChainError(error, "IMAGE_NOT_FOUND", "DOCKER_UNREACHABLE")) throw error;
        local = error;
      }
      try {
        return await (await openRegistry()).inspect(options);
      } catch (error) {
        if (!(error instanceof DaoChainError) || error.code === "CANCELLED") throw error;
        throw both(local, error);
      }
    },
  };
}

function both(local: DaoChainError, remote: DaoChainError): DaoChainError {
  const [first, second] = local.code === "DOCKER_UNREACHABLE" ? [local, remote] : [remote, local];
  return new DaoChainError(first.code, first.values, { advice: first.advice, beside: second, cause: first });
}
