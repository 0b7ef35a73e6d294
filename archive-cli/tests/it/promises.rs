//! The promises in `docs/` name their tests, and every test named is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The tests a page names: `module::test`.
fn named(page: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(root().join("docs").join(page)).unwrap();
    text.split('`').skip(1).step_by(2).filter(|code| code.contains("::")).map(str::to_owned).collect()
}

#[test]
fn every_test_that_a_promise_names_is_there_in_both_languages() {
    let promised = named("promises.md");
    assert_eq!(promised, named("promises.zh-CN.md"));
    assert!(promised.len() > 20);
    for test in promised {
        let (module, name) = test.rsplit_once("::").unwrap();
        let module = module.trim_end_matches("::tests");
        let places = [
            format!("archive-store/tests/it/{module}.rs"),
            format!("archive-store/src/{module}.rs"),
            format!("archive-store/src/copies/{module}.rs"),
            format!("archive-cli/tests/it/{module}.rs"),
            format!("archive-cli/tests/it/{module}/mod.rs"),
            format!("archive-cli/src/{module}.rs"),
            format!("archive-web/tests/it/{module}.rs"),
            format!("archive-index/src/{module}.rs"),
            format!("archive-index/src/reading/{module}.rs"),
            format!("archive-index/src/search/{module}.rs"),
        ];
        let source: String =
            places.iter().filter_map(|place| fs::read_to_string(root().join(place)).ok()).collect();
        assert!(source.contains(&format!("fn {name}(")), "{test}");
    }
}
