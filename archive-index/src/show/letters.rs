//! A page set again from its letters: lines of text at their places, as SVG.

use std::fmt::Write as _;

use super::Shown;
use crate::text::Page;

/// The sheet that shares of a page are measured on: A4, in tenths of a millimetre.
const WIDTH: f32 = 2100.0;
/// Its height.
const HEIGHT: f32 = 2970.0;

/// The picture of a page. Lines whose place isn't known stand below each other from the top.
pub(super) fn svg(page: &Page) -> Shown {
    let mut out = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="1050" height="1485"><rect width="100%" height="100%" fill="white"/><g font-family="SimSun, 'Noto Serif CJK SC', 'Noto Serif SC', serif" fill="black">"#
    );
    let mut next = 150.0;
    for line in &page.lines {
        let (left, base, width, height) = match line.area {
            Some(area) => (
                area.left * WIDTH,
                (area.top + area.height) * HEIGHT,
                area.width * WIDTH,
                area.height * HEIGHT,
            ),
            None => (150.0, next, 0.0, 42.0),
        };
        next = base + 60.0;
        let size = height.clamp(12.0, 160.0);
        // Writing into a string can't fail.
        let _ =
            write!(out, r#"<text x="{left:.0}" y="{:.0}" font-size="{size:.0}""#, size.mul_add(-0.12, base));
        if width > size {
            let _ = write!(out, r#" textLength="{width:.0}" lengthAdjust="spacingAndGlyphs""#);
        }
        out.push('>');
        for ch in line.text.chars() {
            match ch {
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '&' => out.push_str("&amp;"),
                '"' => out.push_str("&quot;"),
                ch if ch.is_control() => out.push(' '),
                ch => out.push(ch),
            }
        }
        out.push_str("</text>");
    }
    out.push_str("</g></svg>");
    Shown { media_type: "image/svg+xml", bytes: out.into_bytes().into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Area, Line, TextSource};

    #[test]
    fn a_line_stands_at_its_place_and_what_it_says_is_no_markup() {
        let area = Area { left: 0.1, top: 0.2, width: 0.5, height: 0.02, fall: 0.0 };
        let line = Line { text: "<script>&".into(), area: Some(area) };
        let page = Page { number: 1, lines: vec![line], source: TextSource::BornDigital };
        let svg = String::from_utf8(svg(&page).bytes.to_vec()).unwrap();
        assert!(svg.contains("&lt;script&gt;&amp;</text>"), "{svg}");
        assert!(svg.contains(r#"x="210""#), "{svg}");
    }
}
