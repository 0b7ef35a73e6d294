//! What stands on the pages, before any writer.

use archive_catalogue::document::Document;
use archive_catalogue::fonts::{Fonts, Metrics};
use archive_catalogue::forms::Form;
use archive_catalogue::layout::{Mark, Page};
use archive_catalogue::paged::Paged;
use archive_catalogue::print::{Options, documents};

use crate::sample::Sample;

fn pages(sample: &Sample, form: Form) -> Vec<(Document, Vec<Vec<Page>>)> {
    let fonts = Fonts::shipped().unwrap();
    let metrics = Metrics::new(&fonts);
    documents(form, &sample.book(), &Options::default(), &metrics)
        .into_iter()
        .map(|document| {
            let laid = Paged::new(&document, &metrics).pages(&metrics);
            (document, laid)
        })
        .collect()
}

/// The lines of a page as a person reads them: by height, then from left to right.
pub fn text(page: &Page) -> String {
    let mut marks: Vec<(i64, i64, &str)> = page
        .marks
        .iter()
        .filter_map(|mark| match mark {
            Mark::Text { at, text, .. } =>
            {
                #[allow(clippy::cast_possible_truncation)]
                Some(((at.y / 1.5) as i64, (at.x * 10.0) as i64, &**text))
            }
            Mark::Line { .. } => None,
        })
        .collect();
    marks.sort_unstable();
    let lines: Vec<String> = marks
        .chunk_by(|a, b| a.0 == b.0)
        .map(|line| line.iter().map(|mark| mark.2).collect::<Vec<_>>().join(" | "))
        .collect();
    lines.join("\n")
}

#[test]
fn the_cover_says_everything_the_standard_asks() {
    let (_, laid) = &pages(&Sample::small(), Form::Cover)[0];
    assert_eq!(laid.len(), 7, "one a volume");
    insta::assert_snapshot!(text(&laid[0][0]), @r"
        临江县人民政府办公室
        政务
        临江县人民政府关于二〇〇四年防汛抗
        旱工作的通知、预案、报告、批复
        自 2004年3月 起至 2004年7月 止 | 保管期限 | 永久
        本卷共 6 件　58 页 | 归档号
        年　度 | 2004 | 档　号 | J019-2004-001
        全宗号 | 目录号 | 案卷号
        J019 | 2004 | 1
        ");
}

#[test]
fn the_list_of_contents_has_a_line_an_item_with_its_page() {
    let (_, laid) = &pages(&Sample::small(), Form::Contents)[0];
    insta::assert_snapshot!(text(&laid[0][0]), @r"
        卷内文件目录
        全宗号：J019 | 目录号：2004 | 案卷号：1 | 保管期限：永久
        顺序号 | 文号 | 责任者 | 题名 | 日期 | 页号 | 备注
        临江县人民政府关于印发《临江
        临政发
        1 | 临江县人民政府 | 县二〇〇四年防汛抗旱应急预 | 2004、3、16 | 1
        〔2004〕12号
        案》的通知
        临江县人民政府关于印发《临江
        临政发
        2 | 临江县人民政府 | 县二〇〇四年防汛抗旱应急预 | 2004、3、15 | 19 | 定稿
        〔2004〕12号
        案》的通知
        江州市人民政府办公厅关于同意
        江府办函 | 江州市人民政府
        3 | 临江县动用度汛应急资金380万 | 2004、6、28 | 38
        〔2004〕128号 | 办公厅
        元的批复
        临政 | 临江县人民政府关于请求动用度
        4 | 临江县人民政府 | 2004、6、21 | 40
        〔2004〕47号 | 汛应急资金的请示
        县防汛抗旱指挥
        ［7月18日至20日特大暴雨洪
        5 | 部、县水利局、 | 2004、7、23 | 44
        水灾情统计表］
        县气象局
        临江县人民政府关于“7·18”特
        临政
        6 | 临江县人民政府 | 大暴雨洪涝灾害情况及抢险救灾 | 2004、7、26 | 50-58
        〔2004〕61号
        工作的报告
        第1页　共1页
        ");
}

#[test]
fn the_note_counts_the_volume_and_bears_its_warnings() {
    let (_, laid) = &pages(&Sample::small(), Form::Note)[0];
    insta::assert_snapshot!(text(&laid[0][0]), @r"
        卷内备考表
        档号：J019-2004-001
        本卷情况说明：
        本卷共有文件 6 件，58 页。
        1. 第5件无题名，已按内容代拟并加方括号。（L1）
        2. 第3件为传真纸，应复印后与原件一并归档。（A6）
        立卷人 | ：
        ：
        检查人
        立卷时间 | ： | 　　年　　月　　日
        ");
    assert!(!text(&laid[1][0]).contains("L1"), "the next volume has none");
}

#[test]
fn the_volume_catalogue_ends_with_the_page_to_sign() {
    let (document, laid) = &pages(&Sample::small(), Form::Volumes)[0];
    assert_eq!(document.copies, [[0, 2, 3], [1, 2, 3]], "two copies, each with its own title page");
    assert!(text(&laid[0][0]).contains("第一份") && text(&laid[1][0]).contains("第二份"));
    insta::assert_snapshot!(text(&laid[3][0]), @r"
        案卷移交签收表
        临江县人民政府办公室2004年度档案，经双方按本目录逐卷清点核对，数量
        如下，交接无误，签字为凭。
        保管期限 | 卷数 | 件数 | 页数
        永久 | 3 | 14 | 92
        长期 | 2 | 6 | 65
        短期 | 2 | 7 | 43
        合计 | 7 | 27 | 200
        移交方 | 接收方
        单位名称 | 临江县人民政府办公室 | 单位名称
        负责人（签字） | 负责人（签字）
        经办人（签字） | 经办人（签字）
        日　　期 | 年　　月　　日 | 日　　期 | 年　　月　　日
        公　　章 | 公　　章
        备　　注
        ");
}

#[test]
fn the_full_catalogue_has_a_book_a_period_and_its_index_points_right() {
    let books = pages(&Sample::small(), Form::Full);
    let titles: Vec<&str> = books.iter().map(|(document, _)| document.file_stem.as_str()).collect();
    assert_eq!(titles, ["全引目录（永久）", "全引目录（长期）", "全引目录（短期）"]);
    let (document, laid) = &books[0];
    assert_eq!(document.copies.len(), 3);
    insta::assert_snapshot!(text(&laid[3][0]), @r"
        目　次
        全宗号：J019 | 年度：2004 | 保管期限：永久
        案卷号 | 案卷题名 | 页次
        立卷说明 | 1
        案卷目录 | 2
        1 | 临江县人民政府关于二〇〇四年防汛抗旱工作的通知、预案、报告、批复 | 3
        2 | 临江县人民政府常务会议纪要（第十一次至第十八次） | 4
        3 | 临江县人民政府关于赵㛃、孙䶮、周𬱖等同志任免职的通知 | 5
        第1页　共1页
        ");
    insta::assert_snapshot!(text(&laid[4][0]), @r"
        立　卷　说　明
        　　一、立档单位与本年度情况
        　　本目录收临江县人民政府办公室（全宗号J019）2004年度形成、保管期限
        为永久的档案。主要内容为日常政务（8件）、防汛抗旱（6件）。
        　　本年度机构、职能和人员变动（由立卷单位补记）：＿＿＿＿＿＿＿＿＿
        ＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿
        ＿＿＿＿＿＿＿
        　　二、案卷数量
        　　2004年度共立卷7卷、27件、200页，其中永久3卷、14件、92页；长期
        2卷、6件、65页；短期2卷、7件、43页。本目录收永久案卷3卷、14件、92
        页，自J019-2004-001至J019-2004-003。
        　　三、立卷原则
        　　依据《深圳市福田区委区政府办公室工作制度和岗位职责汇编(2006)福田
        区档案案卷质量标准》。不同年度、不同保管期限、党务与政务文件分别立
        卷；年度按文件内容针对的年度确定，请示与批复归入批复年度，跨年的会
        议、案件归入结束年度。组卷依据的特征为问题（3卷）、时间（3卷）。卷内
        文件按问题结合时间排列，印本在前、定稿在后，批复在前、请示在后，主件
        在前、附件在后，转发件在前、被转发件在后。
        　　四、整理状况
        　　案卷整卷装订，卷内文件逐页编号，卷内文件目录置于卷首，卷内备考表
        置于卷尾，均不编页号。案卷已编制案卷号、件号和页号，案卷目录与实物核
        对无误后移交。
        　　五、存在问题
        　　经逐项检查，存在下列问题，共2处，各卷情况见卷内备考表：
        　　1. A6（警告）1处，如：第3件为传真纸，应复印后与原件一并归档。
        　　2. L1（警告）1处，如：第5件无题名，已按内容代拟并加方括号。
        　
        临江县人民政府办公室
        2005年4月20日
        第1页　共5页
        ");
    let numbered: Vec<String> = laid[4..].iter().flatten().map(text).collect();
    assert!(numbered[2].contains("案卷号：1") && numbered[2].contains("第3页　共5页"));
    assert!(numbered[4].contains("案卷号：3") && numbered[4].contains("第5页　共5页"));
}

#[test]
fn the_item_catalogue_lists_every_item_of_a_period_once() {
    let sample = Sample::small();
    let (_, laid) = &pages(&sample, Form::Items)[0];
    let all: String = laid.iter().flatten().map(|page| text(page) + "\n").collect();
    for volume in &sample.arrangement.volumes {
        for entry in &volume.entries {
            let code = format!("{}-{:03}", volume.number.as_ref().unwrap().code, entry.item_no.unwrap());
            assert_eq!(all.matches(&code).count(), 1, "{code}");
        }
    }
}

#[test]
fn every_item_has_its_stamp() {
    let (_, laid) = &pages(&Sample::small(), Form::Stamp)[0];
    let sheet = text(&laid[0][0]);
    assert_eq!(sheet.matches("件号").count(), 27);
    assert!(sheet.contains("J019 | 2004 | 1 | 1 | J019 | 2004 | 1 | 2 | J019 | 2004 | 1 | 3"), "{sheet}");
}

#[test]
fn nothing_is_drawn_outside_the_paper() {
    for form in Form::ALL {
        for (document, laid) in pages(&Sample::small(), form) {
            for page in laid.iter().flatten() {
                for mark in &page.marks {
                    let (Mark::Text { at, .. } | Mark::Line { to: at, .. }) = mark;
                    assert!(
                        (0.0..page.paper.width).contains(&at.x) && (0.0..page.paper.height).contains(&at.y),
                        "{}: {mark:?}",
                        document.file_stem
                    );
                }
            }
        }
    }
}
