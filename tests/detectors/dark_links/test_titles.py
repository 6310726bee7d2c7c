"""Titles, keywords and descriptions that sell something, and those that only sound like it."""

import pytest

from govcrawl.detectors.dark_links.blocks import weights
from govcrawl.detectors.dark_links.titles import pitch


def sells(text: str, place: str = "title") -> bool:
    return pitch(text, place).points >= weights()[f"{place}_threshold"]


@pytest.mark.parametrize(
    "title",
    [
        "武汉国际博览中心-武汉国际会展中心", "上海国际电影节开幕 上海国际电影节官网", "哈尔滨国际冰雪节开幕式 哈尔滨国际冰雪节首页",
        "昆明国际花卉展 昆明国际花卉节", "义乌国际商贸城,义乌国际小商品博览会", "张家界国际森林保护节-张家界国际旅游诗歌节",
    ],
)  # fmt: skip
def test_a_hall_a_fair_or_a_festival_that_is_international_twice_sells_nothing(title):
    assert not sells(title)
    assert not sells(title, "meta")


def test_an_international_school_names_itself_more_than_once():
    assert not sells("碧桂园国际学校,广东碧桂园国际学校官网,碧桂园国际学校招生", "meta")


@pytest.mark.parametrize("title", ["恒达国际_恒达国际平台", "恒达国际官网-恒达国际开户", "恒达娱乐-恒达国际"])
def test_a_casino_that_calls_itself_international_sells_accounts(title):
    assert sells(title)


@pytest.mark.parametrize(
    "title",
    [
        "网上赚钱一天2000-真正0元投资赚钱-挂机自动阅读一天赚多少-做任务赚钱", "免费0投资赚钱平台-微信赚钱一天100收入-赚钱最快的方法",
        "没本钱怎么在手机一天赚500-cpa广告联盟app-赚钱项目平台", "能赚钱的软件排行榜第一-赚钱软件哪个赚钱多又快-真实有效赚钱快的app",
        "赚钱软件-手机赚钱软件-十大赚钱软件排名", "手机赚钱-互联网项目-赚钱最快的方法-正规游戏兼职平台", "谷歌网赚联盟-谷歌广告联盟结算-谷歌联盟官网",
    ],
)  # fmt: skip
def test_a_title_that_promises_money_for_nothing_sells_it(title):
    assert sells(title)
    assert sells(f"{title}-青山县教育局")


@pytest.mark.parametrize(
    "title",
    [
        '警惕"网赚"骗局', "大学生网上兼职刷单被骗", "警方打掉一网赚平台 抓获12人", "反诈提醒：手机赚钱软件、挂机赚钱、任务赚钱都是骗局", "“网赚项目”真能赚钱吗？",
        "贫困户进扶贫车间 一天挣80元", "大棚草莓赚钱快 农民一天赚500元", "养殖赚钱项目-青山县农业信息网", "关于教师网上兼职赚钱的规定", "揭秘“投资赚钱”APP 一天赚3000的陷阱",
        "网络兼职陷阱：手机赚钱、打字赚钱、游戏赚钱", "返乡青年直播带货月入2万", "暑期兼职平台信息发布-学生处", "网上赚钱平台虚假宣传案-典型案例",
    ],
)  # fmt: skip
def test_news_and_warnings_about_easy_money_sell_nothing(title):
    assert not sells(title)
    assert not sells(title, "meta")


@pytest.mark.parametrize(
    "title", ["【资源推荐】关于百度文库免费试用的通知_电子资源_青山学院图书馆", "百度文库高校版官网登录平台说明-青山学院图书馆"]
)
def test_a_library_that_offers_the_papers_of_a_search_engine_does_not_pose_as_one(title):
    assert not sells(title)


def test_an_operator_of_state_lotteries_abroad_is_in_the_news():
    assert not sells("新加坡博彩公司（Singapore Pools）宣布关闭现场开奖场馆，不再允许市民观看现场开奖。", "meta")


def test_a_list_of_side_jobs_promises_nothing():
    assert not sells("大学生兼职,网上兼职,手机兼职,打字兼职,兼职平台,兼职日结,勤工助学平台", "meta")
    assert not sells("手机兼职-网上兼职-兼职平台-兼职日结-青山学院就业网")


def test_who_reveals_how_to_win_warns_of_nothing():
    assert sells("揭秘百家乐必胜技巧-北京赛车")
