//! Running text: a title and paragraphs, cut into pages between lines.

use super::fit::{self, Area};
use super::wrap::wrap;
use super::{Align, MM_PER_PT, Mark, Measure, Page, Paper, Point, Style, width_in_ems};
use crate::document::Prose;

/// From one baseline to the next in ems, the most comfortable first.
const LEADINGS: [f64; 4] = [1.65, 1.55, 1.45, 1.35];
/// Height of the title.
const TITLE_HEIGHT: f64 = 18.0;

/// Draws running text. The lines stand as far apart as they can without an additional page: a last
/// sheet with nothing but a signature on it looks like a mistake.
pub fn draw(prose: &Prose, paper: &Paper, measure: &dyn Measure) -> Vec<Page> {
    let tightest = LEADINGS[LEADINGS.len() - 1];
    let fewest = draw_with(prose, paper, measure, tightest);
    LEADINGS
        .iter()
        .map(|leading| draw_with(prose, paper, measure, *leading))
        .find(|pages| pages.len() == fewest.len())
        .unwrap_or(fewest)
}

fn draw_with(prose: &Prose, paper: &Paper, measure: &dyn Measure, leading: f64) -> Vec<Page> {
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
        let step = em * leading;
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

#[cfg(test)]
mod tests {
    use super::super::tests::Plain;
    use super::*;
    use crate::document::Paragraph;
    use crate::fonts::Role;

    fn pages(lines: usize) -> Vec<Page> {
        let paragraph = Paragraph {
            text: "本目录收永久案卷".to_owned(),
            style: Style::new(Role::Fangsong, 14.0),
            indent: true,
        };
        let prose = Prose { title: "立卷说明".to_owned(), paragraphs: vec![paragraph; lines] };
        draw(&prose, &Paper::A4, &Plain)
    }

    #[test]
    fn a_line_too_many_draws_the_others_closer_before_it_takes_a_page() {
        let lines = |page: &Page| page.marks.len() - 1;
        assert_eq!(pages(28).len(), 1);
        assert_eq!(pages(32).len(), 1);
        let two = pages(60);
        assert_eq!(two.len(), 2);
        assert_eq!(lines(&two[0]) + two[1].marks.len(), 60, "nothing is lost between pages");
    }
}
