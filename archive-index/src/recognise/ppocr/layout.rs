//! In which order lines are read.
//!
//! Lines that stand close under one another while others stand beside them belong together: the lines of
//! one column of two, or of one cell of a table, unless a rule is drawn between. Then rows go downwards and,
//! in a row, cells to the right. A page written in columns goes from right to left, and down in each.

use super::detect::LineBox;
use super::pixels::Grey;

/// Lines of one cell are less apart than this, in heights of a line.
const CLOSE: f32 = 0.75;
/// Cells of a row are more apart than this: pieces of one line, parted by a seal, touch.
const APART: f32 = 0.3;
/// The lines of one cell begin, end or are centred within this of one another, in heights of a line.
const ALIGNED: f32 = 1.2;
/// Pieces of a line that a seal has broken are less apart than this, in heights of a line.
const BROKEN: f32 = 5.0;
/// Darker than this is ink.
const INK: u8 = 140;

/// A line in the upright frame of the page.
#[derive(Debug, Clone, Copy)]
struct Placed {
    left: f32,
    top: f32,
    right: f32,
    bottom: f32,
}

impl Placed {
    fn height(&self) -> f32 {
        self.bottom - self.top
    }

    /// How much of the lower of two stands beside the other.
    fn beside(&self, other: &Self) -> f32 {
        let shared = self.bottom.min(other.bottom) - self.top.max(other.top);
        shared / self.height().min(other.height()).max(1.0)
    }

    /// How much of the narrower of two stands over the other.
    fn over(&self, other: &Self) -> f32 {
        let shared = self.right.min(other.right) - self.left.max(other.left);
        shared / (self.right - self.left).min(other.right - other.left).max(1.0)
    }

    /// How far apart two stand in a row, in heights of the lower one; negative where they overlap.
    fn apart(&self, other: &Self) -> f32 {
        let gap = self.left.max(other.left) - self.right.min(other.right);
        gap / self.height().min(other.height()).max(1.0)
    }

    /// Whether two begin, end or are centred alike.
    fn is_aligned(&self, other: &Self) -> bool {
        let near = |gap: f32| gap.abs() < self.height().min(other.height()) * ALIGNED;
        let middle = (self.left + self.right - other.left - other.right) / 2.0;
        near(self.left - other.left) || near(self.right - other.right) || near(middle)
    }

    fn with(&self, other: &Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }
}

/// The places of the lines in the order they are read; with each line, whether it is red.
pub(super) fn order(lines: &[(LineBox, bool)], picture: &Grey) -> Vec<usize> {
    let of = |red: bool| (0..lines.len()).filter(move |&index| lines[index].1 == red);
    let (black, red): (Vec<usize>, Vec<usize>) = (of(false).collect(), of(true).collect());
    let boxes = |places: &[usize]| places.iter().map(|&index| lines[index].0).collect::<Vec<_>>();
    let (black_boxes, red_boxes) = (boxes(&black), boxes(&red));
    let mut out: Vec<usize> = one_ink(&black_boxes, picture).into_iter().map(|at| black[at]).collect();
    // From the last one on, so that red lines that follow the same black one keep their own order.
    for at in one_ink(&red_boxes, picture).into_iter().rev() {
        let after = follows(&red_boxes[at], &black_boxes).map(|at| black[at]);
        let place = out.iter().position(|&index| Some(index) == after).map_or(0, |at| at + 1);
        out.insert(place, red[at]);
    }
    out
}

/// Which line a red one follows: the nearest that doesn't begin below it.
fn follows(red: &LineBox, black: &[LineBox]) -> Option<usize> {
    let apart = |line: &LineBox| {
        let (left, top, right, bottom) = line.round();
        let wide = (left - red.x).max(red.x - right).max(0.0);
        let high = (top - red.y).max(red.y - bottom).max(0.0);
        wide.hypot(high)
    };
    let begun = black.iter().enumerate().filter(|(_, line)| line.round().1 < red.y);
    begun.min_by(|(_, a), (_, b)| apart(a).total_cmp(&apart(b))).map(|(at, _)| at)
}

/// The order of lines of one ink.
fn one_ink(lines: &[LineBox], picture: &Grey) -> Vec<usize> {
    let columns: f32 = lines.iter().filter(|line| line.is_column()).map(|line| line.height).sum();
    let rows: f32 = lines.iter().filter(|line| !line.is_column()).map(|line| line.width).sum();
    let placed = upright(lines);
    if columns > rows { downwards(&placed) } else { rightwards(&placed, lines, picture) }
}

/// The lines as they would lie if the page lay straight.
fn upright(lines: &[LineBox]) -> Vec<Placed> {
    let mut slants: Vec<f32> = lines.iter().map(|line| line.along.1.atan2(line.along.0)).collect();
    slants.sort_by(f32::total_cmp);
    let (sin, cos) = slants.get(slants.len() / 2).copied().unwrap_or(0.0).sin_cos();
    let place = |line: &LineBox| {
        let (x, y) = (line.x * cos + line.y * sin, line.y * cos - line.x * sin);
        let (wide, high) = (line.width / 2.0, line.height / 2.0);
        Placed { left: x - wide, top: y - high, right: x + wide, bottom: y + high }
    };
    lines.iter().map(place).collect()
}

/// Columns from the right, each downwards.
fn downwards(placed: &[Placed]) -> Vec<usize> {
    let mut columns: Vec<(Placed, Vec<usize>)> = Vec::new();
    let mut by_right: Vec<usize> = (0..placed.len()).collect();
    by_right.sort_by(|&a, &b| placed[b].right.total_cmp(&placed[a].right));
    for index in by_right {
        let line = placed[index];
        match columns.iter_mut().find(|(column, _)| column.over(&line) > 0.5) {
            Some((column, members)) => {
                *column = column.with(&line);
                members.push(index);
            }
            None => columns.push((line, vec![index])),
        }
    }
    columns.sort_by(|(a, _), (b, _)| (b.left + b.right).total_cmp(&(a.left + a.right)));
    let down = |(_, mut members): (Placed, Vec<usize>)| {
        members.sort_by(|&a, &b| placed[a].top.total_cmp(&placed[b].top));
        members
    };
    columns.into_iter().flat_map(down).collect()
}

/// Rows from above, cells from the left.
fn rightwards(placed: &[Placed], lines: &[LineBox], picture: &Grey) -> Vec<usize> {
    let has_neighbour: Vec<bool> = placed
        .iter()
        .map(|line| placed.iter().any(|other| line.beside(other) > 0.4 && line.apart(other) > APART))
        .collect();
    let mut down: Vec<usize> = (0..placed.len()).collect();
    down.sort_by(|&a, &b| placed[a].top.total_cmp(&placed[b].top));
    // Cells: their outline, and their lines from above.
    let mut cells: Vec<(Placed, Vec<usize>)> = Vec::new();
    for index in down {
        let line = placed[index];
        let above = cells.iter_mut().find(|(cell, members)| {
            let last = members.last().copied().unwrap_or_default();
            let high = line.height().min(placed[last].height());
            let alike = line.height().max(placed[last].height()) < high * 1.6;
            let gap = line.top - placed[last].bottom;
            has_neighbour[index]
                && has_neighbour[last]
                && alike
                && cell.over(&line) > 0.6
                && placed[last].over(&line) > 0.6
                && placed[last].is_aligned(&line)
                && gap < high * CLOSE
                && gap > -high * 0.6
                && !is_broken_text(last, index, placed)
                && !is_ruled_between(&lines[last], &lines[index], picture)
        });
        match above {
            Some((cell, members)) => {
                *cell = cell.with(&line);
                members.push(index);
            }
            None => cells.push((line, vec![index])),
        }
    }
    let mut rows: Vec<(Placed, Vec<usize>)> = Vec::new();
    for (index, (cell, _)) in cells.iter().enumerate() {
        match rows.iter_mut().rev().take(4).find(|(row, _)| row.beside(cell) > 0.5) {
            Some((row, members)) => {
                // A row is as high as its first cell says: it may not grow down the page cell by cell.
                *row = Placed { left: row.left.min(cell.left), right: row.right.max(cell.right), ..*row };
                members.push(index);
            }
            None => rows.push((*cell, vec![index])),
        }
    }
    rows.sort_by(|(a, _), (b, _)| a.top.total_cmp(&b.top));
    let mut out = Vec::with_capacity(placed.len());
    for (_, mut members) in rows {
        members.sort_by(|&a, &b| cells[a].0.left.total_cmp(&cells[b].0.left));
        for cell in members {
            out.extend(&cells[cell].1);
        }
    }
    out
}

/// Whether two lines, one under the other, are pieces of a paragraph that something has broken, a seal set
/// upon it: both rows are broken in the same narrow place, and the row above them or below runs through
/// from where they begin to where they end.
fn is_broken_text(upper: usize, lower: usize, placed: &[Placed]) -> bool {
    let whole = |index: usize| {
        let beside = placed.iter().enumerate().filter(|(_, other)| placed[index].beside(other) > 0.4);
        let mut pieces: Vec<(usize, &Placed)> = beside.collect();
        pieces.sort_by(|(_, a), (_, b)| a.left.total_cmp(&b.left));
        let near = pieces.windows(2).all(|pair| pair[0].1.apart(pair[1].1) < BROKEN);
        let outline = pieces.iter().fold(placed[index], |row, (_, piece)| row.with(piece));
        (near && pieces.len() == 2).then_some(outline)
    };
    let (Some(above), Some(below)) = (whole(upper), whole(lower)) else { return false };
    let high = placed[upper].height().min(placed[lower].height());
    placed.iter().any(|through| {
        let alike = through.height() < high * 1.6 && high < through.height() * 1.6;
        let follows = |gap: f32| gap < high * CLOSE && gap > -high * 0.6;
        let spans = |row: &Placed| {
            (through.left - row.left).abs() < high * ALIGNED
                && (through.right - row.right).abs() < high * ALIGNED
        };
        let before = follows(above.top - through.bottom) && spans(&above);
        let after = follows(through.top - below.bottom) && spans(&below);
        alike && (before || after)
    })
}

/// Whether a rule is drawn between a line and the one below it: a row of ink from side to side.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "places inside the picture")]
#[expect(clippy::cast_precision_loss, reason = "pictures are smaller than 2^24 pixels a side")]
fn is_ruled_between(upper: &LineBox, lower: &LineBox, picture: &Grey) -> bool {
    let width = upper.width.min(lower.width) * 0.9;
    let x = if upper.width < lower.width { upper.x } else { lower.x };
    let steps = 24;
    let hit = |step: usize| {
        let aside = (step as f32 / (steps - 1) as f32 - 0.5) * width;
        let at = x + aside * upper.along.0;
        let slope = upper.along.1 / upper.along.0.max(0.1);
        // From the foot of the upper letters to the head of the lower ones: the rims of the boxes are left.
        let from = upper.y + (at - upper.x) * slope + upper.height * 0.38;
        let to = lower.y + (at - lower.x) * slope - lower.height * 0.38;
        let rows = from.max(0.0) as usize..to.max(0.0) as usize;
        rows.clone().any(|y| picture.at(at.max(0.0) as usize, y) < INK)
    };
    (0..steps).filter(|&step| hit(step)).count() * 10 > steps * 8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(left: f32, top: f32, width: f32, height: f32) -> LineBox {
        LineBox { x: left + width / 2.0, y: top + height / 2.0, along: (1.0, 0.0), width, height }
    }

    /// The order of lines in black.
    fn order(lines: &[LineBox], picture: &Grey) -> Vec<usize> {
        super::order(&lines.iter().map(|line| (*line, false)).collect::<Vec<_>>(), picture)
    }

    fn white() -> Grey {
        Grey { width: 1000, height: 1000, shades: vec![255; 1_000_000] }
    }

    #[test]
    fn columns_of_a_page_are_read_one_after_the_other() {
        let mut lines = vec![line(100.0, 20.0, 800.0, 40.0)];
        for row in 0..4_u8 {
            lines.push(line(520.0, 100.0 + f32::from(row) * 45.0, 400.0, 40.0));
            lines.push(line(80.0, 102.0 + f32::from(row) * 45.0, 400.0, 40.0));
        }
        assert_eq!(order(&lines, &white()), [0, 2, 4, 6, 8, 1, 3, 5, 7]);
    }

    #[test]
    fn rows_of_a_table_are_read_one_after_the_other_and_a_cell_whole() {
        let lines = [
            line(50.0, 120.0, 40.0, 40.0),
            line(120.0, 100.0, 300.0, 40.0),
            line(120.0, 142.0, 200.0, 40.0),
            line(500.0, 122.0, 100.0, 40.0),
            line(50.0, 260.0, 40.0, 40.0),
            line(120.0, 260.0, 300.0, 40.0),
            line(500.0, 260.0, 100.0, 40.0),
        ];
        assert_eq!(order(&lines, &white()), [0, 1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn a_rule_parts_cells_that_stand_close() {
        let lines = [
            line(50.0, 100.0, 40.0, 40.0),
            line(120.0, 100.0, 300.0, 40.0),
            line(50.0, 150.0, 40.0, 40.0),
            line(120.0, 150.0, 300.0, 40.0),
        ];
        let mut ruled = white();
        ruled.shades[145 * 1000 + 20..145 * 1000 + 480].fill(0);
        assert_eq!(order(&lines, &ruled), [0, 1, 2, 3]);
        assert_eq!(order(&lines, &white()), [0, 2, 1, 3]);
    }

    #[test]
    fn lines_that_a_seal_has_parted_are_read_through() {
        let lines = [
            line(100.0, 100.0, 300.0, 40.0),
            line(395.0, 100.0, 400.0, 40.0),
            line(100.0, 150.0, 320.0, 40.0),
            line(418.0, 150.0, 380.0, 40.0),
        ];
        assert_eq!(order(&lines, &white()), [0, 1, 2, 3]);
    }

    #[test]
    fn a_paragraph_that_a_seal_has_broken_stays_one() {
        let lines = [
            line(100.0, 50.0, 700.0, 40.0),
            line(102.0, 100.0, 300.0, 40.0),
            line(440.0, 98.0, 360.0, 40.0),
            line(103.0, 150.0, 280.0, 40.0),
            line(425.0, 148.0, 378.0, 40.0),
            line(105.0, 200.0, 250.0, 40.0),
        ];
        assert_eq!(order(&lines, &white()), [0, 1, 2, 3, 4, 5]);
        // Without the line that runs through they are the lines of two columns.
        assert_eq!(order(&lines[1..5], &white()), [0, 2, 1, 3]);
    }

    #[test]
    fn a_seal_across_two_rows_draws_neither_into_the_other() {
        let mut lines: Vec<(LineBox, bool)> = Vec::new();
        for row in 0..3_u8 {
            let top = 100.0 + f32::from(row) * 80.0;
            lines.push((line(50.0, top, 40.0, 40.0), false));
            lines.push((line(120.0, top, 300.0, 40.0), false));
        }
        // The head of the page, and a letter of a seal that stands half in the second row, half in the third.
        lines.push((line(300.0, 20.0, 400.0, 50.0), true));
        lines.push((line(415.0, 180.0, 90.0, 95.0), true));
        assert_eq!(super::order(&lines, &white()), [6, 0, 1, 2, 3, 7, 4, 5]);
        assert_eq!(super::order(&lines[6..], &white()), [0, 1], "a page in red alone");
    }

    #[test]
    fn a_page_written_downwards_is_read_from_the_right() {
        let lines =
            [line(100.0, 50.0, 40.0, 500.0), line(300.0, 50.0, 40.0, 500.0), line(302.0, 600.0, 40.0, 200.0)];
        assert_eq!(order(&lines, &white()), [1, 2, 0]);
    }
}
