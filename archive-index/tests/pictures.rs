//! Pictures of kinds that scanners and cameras make, as a page shows them: the right colours, the right way up.

#![allow(clippy::unwrap_used, clippy::panic)] // a test may fail loudly

use std::path::Path;
use std::sync::Arc;

use archive_index::show::{Size, show};
use archive_index::text::Limits;

/// The colours of a file's first page in its upper left, upper right and lower right, as words.
fn corners(name: &str) -> [&'static str; 3] {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files/pictures").join(name);
    let bytes: Arc<[u8]> = std::fs::read(path).unwrap().into();
    let shown = show(&bytes, name, 1, Size::Full, &Limits::default()).unwrap();
    assert_eq!(shown.media_type, "image/png", "{name}");
    let picture = image::load_from_memory(&shown.bytes).unwrap().to_rgb8();
    assert_eq!(picture.dimensions(), (48, 32), "{name}");
    [(4, 4), (44, 4), (44, 28)].map(|(x, y)| match picture.get_pixel(x, y).0 {
        [r, g, b] if r > 230 && g > 230 && b > 230 => "white",
        [r, g, b] if r > 150 && g < 70 && b < 80 => "red",
        [r, g, b] if r < 40 && g < 40 && b < 40 => "black",
        [r, g, b] if r == g && g == b => "grey",
        _ => "another",
    })
}

#[test]
fn colours_are_those_of_the_paper_whichever_way_they_are_kept() {
    for name in ["ycbcr.tif", "cmyk.tif", "colour.jp2"] {
        assert_eq!(corners(name), ["red", "white", "black"], "{name}");
    }
    assert_eq!(corners("grey.jp2"), ["grey", "white", "black"]);
}

#[test]
fn a_page_that_lies_on_its_side_is_shown_upright() {
    assert_eq!(corners("lying.tif"), ["red", "white", "black"]);
}
