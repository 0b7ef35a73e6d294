//! Our OCFL validator against the OCFL editors' fixtures, each of which is named by what it breaks.

use std::fs;
use std::path::{Path, PathBuf};

use archive_store::ocfl::validate::{Depth, ObjectReport, validate_object};

/// The fixtures, beside the repository; without them the test says so and judges nothing.
fn suite() -> Option<PathBuf> {
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/suites/ocfl");
    if !suite.is_dir() {
        eprintln!("SKIPPED: no OCFL fixtures at {}", suite.display());
        return None;
    }
    Some(suite)
}

fn folders(dir: &Path) -> Vec<PathBuf> {
    let mut all: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    all.retain(|path| path.is_dir());
    all.sort();
    all
}

fn judge(folder: &Path) -> ObjectReport {
    validate_object(folder, Depth::Digests, &|_| ())
}

/// The codes a fixture's name begins with: `E100_E099_manifest…` breaks both.
fn codes(folder: &Path) -> Vec<String> {
    let name = folder.file_name().unwrap().to_str().unwrap();
    let is_code = |part: &&str| {
        part.len() == 4 && part.starts_with(['E', 'W']) && part[1..].bytes().all(|byte| byte.is_ascii_digit())
    };
    name.split('_').take_while(is_code).map(str::to_owned).collect()
}

#[test]
fn every_fixture_is_judged_as_its_name_says() {
    let Some(suite) = suite() else { return };
    let (mut judged, mut wrong) = (0, Vec::new());
    for version in ["1.0", "1.1"] {
        for kind in ["good-objects", "warn-objects", "bad-objects"] {
            for folder in folders(&suite.join(version).join(kind)) {
                judged += 1;
                let report = judge(&folder);
                let found: Vec<&str> =
                    report.errors.iter().chain(&report.warnings).map(|problem| problem.code).collect();
                let wanted = codes(&folder);
                let right = match kind {
                    "bad-objects" => {
                        !report.is_valid() && wanted.iter().any(|code| found.contains(&code.as_str()))
                    }
                    "warn-objects" => {
                        report.is_valid() && wanted.iter().all(|code| found.contains(&code.as_str()))
                    }
                    _ => report.is_valid() && report.warnings.is_empty(),
                };
                if !right {
                    let problems = report.errors.iter().chain(&report.warnings);
                    let problems: Vec<_> = problems.map(ToString::to_string).collect();
                    wrong.push(format!("{}\n    {}", folder.display(), problems.join("\n    ")));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {judged} misjudged:\n{}", wrong.len(), wrong.join("\n"));
    assert!(judged > 100, "only {judged} fixtures found");
}
