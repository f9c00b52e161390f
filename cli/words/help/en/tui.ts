export const tuiHelp = {
  tui: {
    description: "browse images: local ones, your organisation's, everyone's, and your accounts",
    examples: [
      "daochain                           the same as daochain tui, on a terminal",
      "daochain tui                       see the verdict of every local image; sign, verify, pull and run them",
      "daochain tui --lang zh             in Chinese, whatever LANG says",
      "daochain --no-color tui            without colours; NO_COLOR=1 does the same",
      "daochain tui --home /srv/acme      with another home: its chain, accounts and settings",
    ],
    notes: `
Pages:
  1  local images, each with its verdict
  2  your organisation: claims that wait for signatures, its images, its members
  3  everyone's images on the chain (the market)
  4  accounts, chain and Docker Engine

Keys:
  j k or arrows  move                  Enter  show everything about a row
  1 to 4         go to a page          Esc    go back
  /              search as you type    s      sign
  p              pull                  v      verify one step deeper
  r              run                   U      start a chain where there is none
  ?              every key there is    q      quit

It needs a terminal of at least 60 columns and 20 rows. NO_COLOR and --no-color are honoured.`,
  },
};
