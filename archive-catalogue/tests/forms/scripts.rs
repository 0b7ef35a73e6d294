//! Rare characters and other scripts, where the machine has fonts for them.

use std::path::PathBuf;

use archive_catalogue::fonts::{Fonts, Metrics, Role};
use archive_catalogue::forms::Form;
use archive_catalogue::layout::Measure as _;
use archive_catalogue::print::{Format, Options, print};

use crate::sample::{MANY_SCRIPTS, Sample};

/// The fonts of the machine and of the folders in `ARCHIVE_TEST_FONTS`.
fn fonts() -> Fonts {
    let dirs: Vec<PathBuf> = std::env::var_os("ARCHIVE_TEST_FONTS")
        .iter()
        .flat_map(|dirs| std::env::split_paths(dirs).collect::<Vec<_>>())
        .collect();
    Fonts::find(&dirs).unwrap()
}

#[test]
fn what_a_font_writes_is_printed_and_what_none_writes_is_named() {
    let fonts = fonts();
    let mut sample = Sample::empty();
    sample.many_scripts();
    for format in [Format::Pdf, Format::Ofd] {
        let outcome = print(&[Form::Contents], format, &sample.book(), &fonts, &Options::default()).unwrap();
        let metrics = Metrics::new(&fonts);
        let missing: Vec<char> = MANY_SCRIPTS
            .iter()
            .flat_map(|title| title.chars())
            .filter(|c| metrics.glyph(Role::Song, *c).drawn != *c)
            .collect();
        for c in &missing {
            let named = outcome
                .findings
                .iter()
                .any(|finding| finding.message.zh.contains(*c) && finding.place.item.is_some());
            assert!(named, "{c} is neither printed nor named");
        }
        let said = outcome.findings.iter().filter(|finding| finding.place.field.as_deref() == Some("题名"));
        assert!(said.count() >= missing.iter().collect::<std::collections::BTreeSet<_>>().len());
    }
}

#[test]
fn joined_letters_are_shaped_where_a_font_has_them() {
    let fonts = fonts();
    let metrics = Metrics::new(&fonts);
    let mut tried = 0;
    for (word, letters) in [("شىنجاڭ", 6), ("ལྗོངས", 5), ("ᠮᠣᠩᠭᠣᠯ", 6)] {
        let Some(shaped) = metrics.shaped(Role::Song, word) else { continue };
        tried += 1;
        assert!(shaped.glyphs.len() <= letters && shaped.glyphs.iter().all(|glyph| glyph.id != 0));
        assert!((metrics.word(Role::Song, word) - shaped.width).abs() < 1e-9);
        let alone: Vec<u16> = word
            .char_indices()
            .filter_map(|(at, c)| metrics.shaped(Role::Song, &word[at..at + c.len_utf8()]))
            .flat_map(|letter| letter.glyphs.iter().map(|glyph| glyph.id).collect::<Vec<_>>())
            .collect();
        assert_ne!(
            alone,
            shaped.glyphs.iter().map(|glyph| glyph.id).collect::<Vec<_>>(),
            "{word}: joined letters look otherwise than letters alone"
        );
    }
    if tried == 0 {
        eprintln!("no font of this machine has Uyghur, Tibetan or Mongolian: nothing was shaped");
    }
}
