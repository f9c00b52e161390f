import { LineEdit } from "./line-edit.ts";

/** What is searched for on a page, while it is typed and after. */
export class PageSearch {
  edit = new LineEdit("", 200);
  /** what the page shows the rows for; what is typed comes here a moment later */
  text = "";
  isTyping = false;

  get words(): readonly string[] {
    return this.text
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== "");
  }

  get isActive(): boolean {
    return this.isTyping || this.text !== "" || this.edit.text !== "";
  }

  clear(): void {
    this.edit.clear();
    this.text = "";
    this.isTyping = false;
  }
}
