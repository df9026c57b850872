/// What a person starts in Windows where WSL does not start any more. It stands beside the new kernel, and
/// beside it the settings of before where there were any; what it replaces is kept there too.
public enum WSLReturnScript {
  public static let name = "go-back.cmd"
  /// The settings of before, in the same folder.
  public static let before = "wslconfig-before"

  /// Plain ASCII and line ends of Windows, as cmd.exe wants them; it asks Windows for its own folders, so
  /// that no name has to be written in a code page.
  public static let text =
    """
    @echo off
    rem Made by Pawl. Gives WSL the kernel back that it had before.
    setlocal
    set "settings=%USERPROFILE%\\.wslconfig"
    if exist "%settings%" copy /y "%settings%" "%~dp0wslconfig-taken-back" >nul
    if exist "%~dp0\(before)" (
      copy /y "%~dp0\(before)" "%settings%" >nul
    ) else (
      if exist "%settings%" del "%settings%"
    )
    if errorlevel 1 (
      echo %settings% could not be written. Open it in an editor and remove the line kernel=
      pause
      exit /b 1
    )
    wsl.exe --shutdown
    echo WSL has the kernel of before again. Open it: Pawl goes on with its plan, and takes it back.
    pause

    """.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
}
