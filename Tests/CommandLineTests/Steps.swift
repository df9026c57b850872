/// Steps of recipes, as the tests write them. With `needs_sudo` root acts itself, where it runs
/// the tests; below a root of his own anybody else needs none.
enum Steps {
  static func write(_ name: String, _ content: String, id: String = "write", more: String = "")
    -> String
  {
    """
    {id: \(id), label: Write \(name), risk: low, needs_sudo: true, \(more)
         write_file: {path: /etc/\(name), content: "\(content)", mode: "0644"}}
    """
  }

  static func run(
    _ argv: String, id: String = "run", risk: String = "low", more: String = "effects: none"
  ) -> String {
    "{id: \(id), label: Run it, risk: \(risk), command: [\(argv)], \(more)}"
  }

  static let restart = """
    {id: restart, label: Restart, risk: medium, restart_required: system,
         restart_message: Restart to go on}
    """
}
