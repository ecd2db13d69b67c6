/** Scripts that let a shell ask the program itself what may come next (`candidates.ts`). */

/** @param name - the program's name as the user types it */
export function bashScript(name: string): string {
  const fn = functionName(name);
  return `# bash completion for ${name}: source <(${name} completion bash)
${fn}() {
  local word="\${COMP_WORDS[COMP_CWORD]}"
  local -a words=("\${COMP_WORDS[@]:0:COMP_CWORD}")
  if [[ "$word" == -* ]]; then
    words+=("$word")
  fi
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$("\${words[@]}" --generate-bash-completion 2>/dev/null)" -- "$word"))
}
complete -o bashdefault -o default -F ${fn} ${name}
`;
}

/** @param name - the program's name as the user types it */
export function zshScript(name: string): string {
  const fn = functionName(name);
  return `#compdef ${name}
# zsh completion for ${name}: source <(${name} completion zsh)
${fn}() {
  local -a asked offered
  asked=("\${(@)words[1,CURRENT-1]}")
  [[ "\${words[CURRENT]}" == -* ]] && asked+=("\${words[CURRENT]}")
  offered=("\${(@f)$(_CLI_ZSH_AUTOCOMPLETE_HACK=1 "\${asked[@]}" --generate-bash-completion 2>/dev/null)}")
  [[ -n "\${offered[1]}" ]] && _describe '${name}' offered || _files
}
compdef ${fn} ${name}
`;
}

/** @param name - the program's name as the user types it */
export function fishScript(name: string): string {
  const fn = `_${functionName(name)}`;
  return `# fish completion for ${name}: ${name} completion fish | source
function ${fn}
    set -l asked (commandline -opc)
    set -l word (commandline -ct)
    if string match -q -- '-*' $word
        set -a asked $word
    end
    env _CLI_ZSH_AUTOCOMPLETE_HACK=1 $asked --generate-bash-completion 2>/dev/null | string replace : \\t
end
complete -c ${name} -a '(${fn})'
`;
}

/** @param name - the program's name as the user types it */
export function powershellScript(name: string): string {
  return `# PowerShell completion for ${name}: ${name} completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName '${name}' -ScriptBlock {
    param($word, $commandAst, $cursor)
    $asked = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursor -or $_.Extent.Text -ne $word } | ForEach-Object { $_.Extent.Text })
    if ($word -like '-*') { $asked += $word }
    $program, $rest = $asked
    & $program @rest --generate-bash-completion 2>$null | Where-Object { $_.StartsWith($word) } | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
    }
}
`;
}

function functionName(name: string): string {
  return `_${name.replace(/[^A-Za-z0-9]/g, '_')}_complete`;
}
