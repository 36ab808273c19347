# Sourced by test: finds a Chromium for the browser tests, or installs one where it may. Sets PEIBAN_CHROMIUM. POSIX sh.

CHROMIUM_NAMES="chromium chromium-browser google-chrome google-chrome-stable"
MAC_CHROME="/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"

find_chromium() {
    if look_for_chromium && has_chinese_font; then
        return 0
    fi
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "安装 Chromium 和中文字体 installing chromium and fonts-noto-cjk"
        apt_install chromium fonts-noto-cjk
        if look_for_chromium; then
            return 0
        fi
    elif [ -n "${PEIBAN_CHROMIUM:-}" ]; then
        tell "没有中文字体,浏览器测试的截图会是方框 (the screenshots will show boxes): sudo apt-get install fonts-noto-cjk"
        return 0
    fi
    tell "浏览器测试需要 Chromium,没有找到。请安装它,或用 PEIBAN_CHROMIUM 指出它的路径:" \
        "The browser tests need Chromium, and none was found. Install it, or name its path in PEIBAN_CHROMIUM:" \
        "    sudo apt-get install chromium fonts-noto-cjk    # without browser tests: scripts/test --fast"
    return 1
}

look_for_chromium() {
    for candidate in "${PEIBAN_CHROMIUM:-}" $CHROMIUM_NAMES "$MAC_CHROME"; do
        # Asked for its version, because on some systems the name only tells how to install it.
        if [ -n "$candidate" ] && "$candidate" --version >/dev/null 2>&1; then
            PEIBAN_CHROMIUM=$(command -v "$candidate")
            return 0
        fi
    done
    PEIBAN_CHROMIUM=
    return 1
}

has_chinese_font() {
    ! command -v fc-list >/dev/null 2>&1 || [ -n "$(fc-list :lang=zh | head -n 1)" ]
}

apt_install() {
    export DEBIAN_FRONTEND=noninteractive
    said=$({ apt-get update -q && apt-get install -q -y --no-install-recommends "$@"; } 2>&1 </dev/null) || tell "$said"
}
