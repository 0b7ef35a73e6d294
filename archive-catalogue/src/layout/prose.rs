//! Running text: a title and paragraphs, cut into pages between lines.

use super::fit::{self, Area, LEADING};
use super::wrap::wrap;
use super::{Align, MM_PER_PT, Mark, Measure, Page, Paper, Point, Style, width_in_ems};
use crate::document::Prose;

/// Baselines of running text are this much farther apart than in tables.
const EXTRA_LEADING: f64 = 1.3;
/// Height of the title.
const TITLE_HEIGHT: f64 = 18.0;

/// Draws running text.
pub fn draw(prose: &Prose, paper: &Paper, measure: &dyn Measure) -> Vec<Page> {
    let mut pages = Vec::new();
    let mut marks = Vec::new();
    let width = paper.text_width();
    let bottom = paper.height - paper.bottom;
    let title = Area { x: paper.left, y: paper.top, width, height: TITLE_HEIGHT };
    fit::place(&prose.title, super::table::TITLE, title, measure, &mut marks);
    let mut y = paper.top + TITLE_HEIGHT;
    for paragraph in &prose.paragraphs {
        let style = paragraph.style;
        let em = style.size * MM_PER_PT;
        let step = em * LEADING * EXTRA_LEADING;
        let text = if paragraph.indent {
            format!("\u{3000}\u{3000}{}", paragraph.text)
        } else {
            paragraph.text.clone()
        };
        for line in wrap(&text, style.role, width / em, measure).lines {
            if y + em > bottom {
                pages.push(Page { paper: *paper, marks: std::mem::take(&mut marks) });
                y = paper.top;
            }
            let line = &text[line];
            marks.push(Mark::Text {
                at: Point {
                    x: paper.left + indent(line, style, width, measure),
                    y: y + super::BASELINE * em,
                },
                text: line.into(),
                role: style.role,
                size: style.size,
                tracking: 0.0,
            });
            y += step;
        }
    }
    pages.push(Page { paper: *paper, marks });
    pages
}

fn indent(line: &str, style: Style, width: f64, measure: &dyn Measure) -> f64 {
    let room = width - width_in_ems(line, style.role, measure) * style.size * MM_PER_PT;
    match style.align {
        Align::Centre => room / 2.0,
        Align::Right => room,
        _ => 0.0,
    }
}
