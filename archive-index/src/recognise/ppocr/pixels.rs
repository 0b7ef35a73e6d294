//! Pixels: a picture as shades of grey.
//!
//! Of a colour scan the red channel is taken: a seal's red and a form's red lines are nearly white in it,
//! and black ink stays black. That cures the one real weakness of the line finder, text under a seal. What
//! was printed in red (the head of a document) fades with it, so its letters are given as a second
//! picture, made of redness alone, where there is enough of it.

use super::detect::LineBox;
use crate::raster::{self, Raster};
use crate::text::NoText;

/// How much darker than white ink is, wherever the paper is somewhat grey.
const INK: u8 = 90;
/// How much redder than anything else a pixel is that belongs to red print.
const RED: i16 = 60;

/// Shades of grey, row by row: 0 is black.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grey {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) shades: Vec<u8>,
}

/// What a picture gives to read.
#[derive(Debug)]
pub(super) struct Pixels {
    /// What is read first.
    pub(super) plain: Grey,
    /// Red print, dark on white, if there is enough of it to be text.
    pub(super) red: Option<Grey>,
}

impl Pixels {
    /// Whether what is written in a box is red: few of its columns of pixels hold black strokes. It is not weighed how
    /// much there is of each: the rim of a seal across the end of a line outweighs all its letters.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "places inside the picture")]
    pub(super) fn is_red(&self, boxed: &LineBox) -> bool {
        let Some(red) = &self.red else { return false };
        let (left, top, right, bottom) = boxed.round();
        let within = |from: f32, to: f32| from.max(0.0) as usize..to.max(0.0) as usize;
        let rows = within(top, bottom);
        // The rule of a table is thinner than this, the strokes of letters together are more.
        let enough = rows.len() / 12;
        let (mut of_black, mut of_red) = (0_usize, 0_usize);
        for x in within(left, right) {
            let (mut blacks, mut reds) = (0, 0);
            for y in rows.clone() {
                let (redness, blackness) = (255 - red.at(x, y), 255 - self.plain.at(x, y));
                blacks += usize::from(blackness >= INK && blackness >= redness);
                reds += usize::from(redness >= INK && redness > blackness);
            }
            of_black += usize::from(blacks > enough);
            of_red += usize::from(reds > enough && blacks <= enough);
        }
        of_red > of_black * 3
    }
}

impl Grey {
    #[expect(clippy::cast_precision_loss, reason = "pictures are smaller than 2^24 pixels a side")]
    pub(super) const fn width_f32(&self) -> f32 {
        self.width as f32
    }

    #[expect(clippy::cast_precision_loss, reason = "pictures are smaller than 2^24 pixels a side")]
    pub(super) const fn height_f32(&self) -> f32 {
        self.height as f32
    }

    /// A shade; white outside.
    pub(super) fn at(&self, x: usize, y: usize) -> u8 {
        if x < self.width { self.shades.get(y * self.width + x).copied().unwrap_or(255) } else { 255 }
    }

    /// The shade between pixels.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "places inside the picture")]
    #[expect(clippy::cast_precision_loss, reason = "pictures are smaller than 2^24 pixels a side")]
    pub(super) fn between(&self, x: f32, y: f32) -> f32 {
        if !(x >= 0.0 && y >= 0.0 && x < self.width_f32() && y < self.height_f32()) {
            return 255.0;
        }
        let (column, row) = (x as usize, y as usize);
        let (across, down) = (x - column as f32, y - row as f32);
        let (next, below) = ((column + 1).min(self.width - 1), (row + 1).min(self.height - 1));
        let shade = |x, y| f32::from(self.at(x, y));
        let upper = shade(column, row) * (1.0 - across) + shade(next, row) * across;
        let lower = shade(column, below) * (1.0 - across) + shade(next, below) * across;
        upper * (1.0 - down) + lower * down
    }

    /// The same at another size; a smaller one by averages.
    pub(super) fn resized(&self, width: usize, height: usize) -> Self {
        let spans = |from: usize, to: usize| -> Vec<(usize, usize)> {
            (0..to)
                .map(|at| {
                    let start = at * from / to;
                    let end = ((at + 1) * from).div_ceil(to).clamp(start + 1, from.max(start + 1));
                    (start, end)
                })
                .collect()
        };
        let (columns, rows) = (spans(self.width, width), spans(self.height, height));
        let mut shades = Vec::with_capacity(width * height);
        for &(top, bottom) in &rows {
            for &(left, right) in &columns {
                let mut sum = 0_u32;
                for y in top..bottom {
                    let row = self.shades.get(y * self.width + left..y * self.width + right);
                    sum += row.unwrap_or_default().iter().map(|&shade| u32::from(shade)).sum::<u32>();
                }
                let count = u32::try_from((bottom - top) * (right - left)).unwrap_or(u32::MAX);
                shades.push(u8::try_from(sum / count.max(1)).unwrap_or(u8::MAX));
            }
        }
        Self { width, height, shades }
    }
}

/// One picture of an image file, counted from 0.
pub(super) fn decode(bytes: &[u8], index: u32) -> Result<Pixels, NoText> {
    let Raster { width, height, channels, pixels } = raster::decode(bytes, index)?;
    let (width, height) = (width as usize, height as usize);
    Ok(match channels {
        1 => Pixels { plain: Grey { width, height, shades: pixels }, red: None },
        _ => of_colours(width, height, &pixels),
    })
}

/// From colours, three bytes a pixel: red, green, blue.
fn of_colours(width: usize, height: usize, colours: &[u8]) -> Pixels {
    let mut plain = Vec::with_capacity(width * height);
    let mut red = Vec::with_capacity(width * height);
    let mut much = 0_usize;
    for pixel in colours.chunks_exact(3) {
        let (r, g, b) = (i16::from(pixel[0]), i16::from(pixel[1]), i16::from(pixel[2]));
        plain.push(pixel[0]);
        let redness = r - g.max(b);
        much += usize::from(redness > RED);
        red.push(u8::try_from((255 - (redness * 2).clamp(0, 255)).clamp(0, 255)).unwrap_or(255));
    }
    // Less than this is a stamp of a date or a stroke of a pen.
    let enough = much * 2_000 > width * height;
    let plain = Grey { width, height, shades: plain };
    Pixels { plain, red: enough.then_some(Grey { width, height, shades: red }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_smaller_picture_holds_averages() {
        let grey = Grey { width: 4, height: 2, shades: vec![0, 100, 200, 200, 100, 200, 0, 0] };
        assert_eq!(grey.resized(2, 1).shades, [100, 100]);
        assert_eq!(grey.resized(4, 2), grey);
        assert!((grey.between(0.5, 0.0) - 50.0).abs() < 0.1 && grey.between(-1.0, 0.0) > 254.0);
    }

    #[test]
    fn red_fades_from_the_plain_picture_and_stands_alone_in_the_other() {
        let pixels = of_colours(3, 1, &[250, 250, 250, 220, 30, 40, 10, 10, 10]);
        assert_eq!(pixels.plain.shades, [250, 220, 10]);
        let boxed = |x: f32| LineBox { x, y: 0.5, along: (1.0, 0.0), width: 1.0, height: 1.0 };
        assert!(!pixels.is_red(&boxed(0.5)) && pixels.is_red(&boxed(1.5)) && !pixels.is_red(&boxed(2.5)));
        assert_eq!(pixels.red.unwrap().shades, [255, 0, 255]);
    }
}
