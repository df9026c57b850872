import Foundation
import PawlSimulator

exit(Command(Array(CommandLine.arguments.dropFirst())).run())
