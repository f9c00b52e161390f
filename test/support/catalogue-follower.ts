import { Catalogue } from "../../src/catalogue/catalogue.ts";
import { homeAt } from "../../src/home.ts";
import { connect } from "../../src/network/connect.ts";

/*
 * Follows a home's chain in a process of its own, for others to kill: says each block that it has come to, and `done` at the end.
 *
 *     node test/support/catalogue-follower.ts HOME FILE
 */
const [, , directory, file = ""] = process.argv;
const connection = await connect(homeAt(directory));
const catalogue = Catalogue.open(file, connection.profile);
await catalogue.follow(connection, {
  onProgress: ({ block }) => process.stdout.write(`${block}\n`),
});
process.stdout.write("done\n");
catalogue.close();
connection.rpc.close();
