import Foundation
import Glibc
import PawlHost
import PawlJournal
import PawlModel

/// The journal as the boot hook finds it. A boot goes on whatever that is: nothing here throws.
enum HookJournal {
  case usable(Session)
  /// Nothing can be recorded: the disk is read-only or full, or fails.
  case readable(Session, PawlError)
  /// An older copy was put in its place, or another journal: it knows less than was done.
  case rewound(PawlError)
  /// Missing, damaged, or of a newer Pawl.
  case unusable(PawlError)

  init(_ options: GlobalOptions) {
    do {
      self = .usable(try Session.writing(options))
    } catch let error as PawlError where error.code == .needsPerson {
      self = .rewound(error)
    } catch {
      let error = Self.explained(PawlError.of(error))
      guard let session = try? Session.reading(options) else {
        self = .unusable(error)
        return
      }
      do {
        try Session.refuseRewound(session.journal)
        self = .readable(session, error)
      } catch let rewound as PawlError where rewound.code == .needsPerson {
        self = .rewound(rewound)
      } catch {
        self = .unusable(PawlError.of(error))
      }
    }
  }

  /// For whoever only looks, and never writes a thing: nil where there is nothing to believe.
  static func toLookAt(_ options: GlobalOptions) -> Session? {
    guard let session = try? Session.reading(options),
      (try? Session.refuseRewound(session.journal)) != nil
    else { return nil }
    return session
  }

  /// A plan is open, so that a journal was there once.
  private static func explained(_ error: PawlError) -> PawlError {
    guard error.code == .noInput else { return error }
    return PawlError(
      .noInput, error.message,
      hint: "Bring it back, or mount the disk that it is on. Then: pawl status")
  }

  /// To look only.
  var session: Session? {
    switch self {
    case .usable(let session), .readable(let session, _): session
    case .rewound, .unusable: nil
    }
  }

  var trouble: PawlError? {
    switch self {
    case .usable: nil
    case .readable(_, let error), .rewound(let error), .unusable(let error): error
    }
  }
}

extension PawlError {
  static func of(_ error: any Error) -> PawlError {
    error as? PawlError ?? PawlError(.internalFault, String(describing: error))
  }
}
