/**
 * What each shell runs to complete a line. They ask `daochain __complete SHELL -- WORD...`, whose last word is the one to be completed. It prints a
 * line that says what to do (`:values`, `:nospace` for values that go on, `:files`, `:directories`), and then a value a line, with a tab and what it is
 * behind it. Nothing of what it prints is run as a command.
 */
export const scripts = {
  bash: `# bash completion of daochain: source <(daochain completion bash)
_daochain() {
  local i word directive line current last breaks prefix= over rest=$COMP_LINE
  local -a words=()
  # bash takes acme/api:1.0 and --key=value for three words each.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if ((i > 0)) && [[ $rest != [[:space:]]* ]]; then
      words[\${#words[@]} - 1]+=$word
    else
      words+=("$word")
    fi
    rest=\${rest#*"$word"}
  done
  current=\${words[\${#words[@]} - 1]}
  over=$((\${#COMP_LINE} - \${#rest} - COMP_POINT))
  if ((over > 0 && over <= \${#current})); then current=\${current:0:\${#current} - over}; fi
  words[\${#words[@]} - 1]=$current
  last=\${current#[\\"\\']}
  if [[ $last == "$current" ]]; then
    breaks=\${COMP_WORDBREAKS//[^:=]/}
    if [[ -n $breaks ]]; then last=\${current##*[$breaks]}; fi
    prefix=\${current%"$last"}
  fi
  COMPREPLY=()
  {
    IFS= read -r directive
    while IFS= read -r line; do
      line=\${line%%$'\\t'*}
      if [[ $line == "$prefix"* ]]; then COMPREPLY+=("\${line#"$prefix"}"); fi
    done
  } < <(daochain __complete bash -- "\${words[@]:1}" 2>/dev/null)
  case $directive in
    :nospace) compopt -o nospace 2>/dev/null ;;
    :files | :directories)
      compopt -o filenames 2>/dev/null
      local kind=-f
      if [[ $directive == :directories ]]; then kind=-d; fi
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen $kind -- "$last")
      ;;
  esac
}
complete -F _daochain daochain
`,
  zsh: `#compdef daochain
# zsh completion of daochain: source <(daochain completion zsh), or a file _daochain in $fpath
_daochain() {
  local directive line
  local -a lines values shown options
  lines=("\${(@f)$(daochain __complete zsh -- "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)}")
  directive=\${lines[1]}
  case $directive in
    (:files) _files; return ;;
    (:directories) _files -/; return ;;
    (:nospace) options=(-S '') ;;
  esac
  for line in "\${(@)lines[2,-1]}"; do
    values+=("\${line%%$'\\t'*}")
    shown+=("\${line/$'\\t'/  -- }")
  done
  (( \${#values} )) || return 1
  compadd -l -d shown $options -- "\${(@)values}"
}
if [[ \${funcstack[1]} == _daochain ]]; then
  _daochain "$@"
else
  compdef _daochain daochain
fi
`,
  fish: `# fish completion of daochain: daochain completion fish | source
function __daochain_complete
    set -l words (commandline -opc)
    set -e words[1]
    set -l current (commandline -ct)
    set -l lines (daochain __complete fish -- $words "$current" 2>/dev/null)
    switch "$lines[1]"
        case :files
            __fish_complete_path "$current"
        case :directories
            __fish_complete_directories "$current"
        case '*'
            printf '%s\\n' $lines[2..]
    end
end
complete -c daochain -f -a '(__daochain_complete)'
`,
} as const;

export type Shell = keyof typeof scripts;
