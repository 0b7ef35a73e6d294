//! A page as SVG: for the browser, and for a report that is written elsewhere.
//!
//! Text stays text, in the families an office has; a viewer picks the first it knows.

use std::fmt::Write as _;

use super::{Run, Surface, draw};
use crate::layout::{MM_PER_PT, Page, Paper, Point};

/// Writes one page as an SVG document, measured in millimetres.
pub fn write(page: &Page) -> String {
    let mut svg = Svg(String::new());
    draw([page], &mut svg);
    svg.0
}

struct Svg(String);

impl Surface for Svg {
    fn begin_page(&mut self, paper: &Paper) {
        let (width, height) = (paper.width, paper.height);
        // Writing to a string can't fail.
        let _ = writeln!(
            self.0,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}mm\" height=\"{height}mm\" viewBox=\"0 0 {width} {height}\">\n<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>"
        );
    }

    fn end_page(&mut self) {
        self.0.push_str("</svg>\n");
    }

    fn text(&mut self, at: Point, run: &Run<'_>) {
        let families: Vec<&str> = run.role.families().iter().take(4).copied().collect();
        let (x, y, size) = (at.x, at.y, run.size * MM_PER_PT);
        let spacing = if run.tracking > 0.0 {
            format!(" letter-spacing=\"{:.3}\"", run.tracking)
        } else {
            String::new()
        };
        let _ = writeln!(
            self.0,
            "<text x=\"{x:.2}\" y=\"{y:.2}\" font-size=\"{size:.2}\"{spacing} font-family=\"{}, Noto Serif CJK SC, serif\">{}</text>",
            families.join(", "),
            escaped(run.text),
        );
    }

    fn line(&mut self, from: Point, to: Point, width: f64) {
        let _ = writeln!(
            self.0,
            "<line x1=\"{:.2}\" y1=\"{:.2}\" x2=\"{:.2}\" y2=\"{:.2}\" stroke=\"#000\" stroke-width=\"{width:.2}\"/>",
            from.x, from.y, to.x, to.y
        );
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fonts::Role;
    use crate::layout::Mark;

    #[test]
    fn what_a_person_typed_is_no_markup() {
        let at = Point { x: 1.0, y: 2.0 };
        let marks = vec![
            Mark::Text { at, text: "<script>&\"".into(), role: Role::Song, size: 9.0, tracking: 0.0 },
            Mark::Line { from: at, to: Point { x: 3.0, y: 2.0 }, width: 0.3 },
        ];
        let svg = write(&Page { paper: Paper::A4, marks });
        assert!(
            svg.contains("&lt;script&gt;&amp;&quot;") && svg.contains("<line") && svg.ends_with("</svg>\n")
        );
    }
}
