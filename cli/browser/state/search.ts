/** What a page shows the rows for. */
export class PageSearch {
  text = "";

  get words(): readonly string[] {
    return this.text
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== "");
  }
}
