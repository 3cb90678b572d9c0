<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko_KR" sourcelanguage="en">
    <context>
        <name>CapacityViews</name>
        <message>
            <source>capacity factor</source>
            <translation>용량 계수</translation>
        </message>
        <message>
            <source>dropped</source>
            <translation>버려짐</translation>
        </message>
        <message>
            <source>layer %1</source>
            <translation>%1층</translation>
        </message>
        <message>
            <source>expert</source>
            <translation>전문가</translation>
        </message>
        <message>
            <source>thousand choices</source>
            <translation>선택 (천 개)</translation>
        </message>
        <message>
            <source>choices</source>
            <translation>선택</translation>
        </message>
        <message>
            <source>served</source>
            <translation>처리됨</translation>
        </message>
        <message>
            <source>received from full experts</source>
            <translation>가득 찬 전문가에게서 받음</translation>
        </message>
        <message>
            <source>sent on or dropped</source>
            <translation>넘기거나 버림</translation>
        </message>
        <message>
            <source>&lt;b&gt;expert %1&lt;/b&gt;&lt;br&gt;chosen %2 times&lt;br&gt;%3 without room (%4)&lt;br&gt;%5 received from others</source>
            <translation>&lt;b&gt;전문가 %1&lt;/b&gt;&lt;br&gt;%2번 선택됨&lt;br&gt;자리 없음 %3번 (%4)&lt;br&gt;다른 전문가에게서 %5번 받음</translation>
        </message>
        <message>
            <source>places</source>
            <translation>자리</translation>
        </message>
        <message>
            <source>At capacity factor %1 layer %2 drops nothing.</source>
            <translation>용량 계수 %1에서 %2층은 아무것도 버리지 않습니다.</translation>
        </message>
        <message>
            <source>At capacity factor %1 layer %2 drops %3 of its choices; %4 of the tokens lose every expert.</source>
            <translation>용량 계수 %1에서 %2층은 선택의 %3를 버리고, 토큰의 %4가 모든 전문가를 잃습니다.</translation>
        </message>
        <message>
            <source>%1 places an expert in each group of %2 tokens. %3 of %4 tokens (%5) lose at least one expert.</source>
            <translation>%2토큰 그룹마다 전문가당 자리가 %1개입니다. 토큰 %4개 중 %3개(%5)가 전문가를 하나 이상 잃습니다.</translation>
        </message>
    </context>
    <context>
        <name>Detail</name>
        <message>
            <source>expert</source>
            <translation>전문가</translation>
        </message>
        <message>
            <source>chosen</source>
            <translation>선택됨</translation>
        </message>
        <message>
            <source>next best</source>
            <translation>차선</translation>
        </message>
        <message>
            <source>others</source>
            <translation>나머지</translation>
        </message>
        <message>
            <source>&lt;b&gt;expert %1&lt;/b&gt;&lt;br&gt;probability &lt;b&gt;%2&lt;/b&gt;&lt;br&gt;logit %3</source>
            <translation>&lt;b&gt;전문가 %1&lt;/b&gt;&lt;br&gt;확률 &lt;b&gt;%2&lt;/b&gt;&lt;br&gt;로짓 %3</translation>
        </message>
        <message>
            <source>probability</source>
            <translation>확률</translation>
        </message>
    </context>
    <context>
        <name>Findings</name>
        <message>
            <source>being recorded</source>
            <translation>기록 중</translation>
        </message>
        <message>
            <source>interrupted: `moescope record --resume` completes it</source>
            <translation>중단됨: `moescope record --resume`으로 마저 기록합니다</translation>
        </message>
        <message>
            <source>complete</source>
            <translation>완료</translation>
        </message>
        <message>
            <source>Nothing is recorded in this part of the run yet.</source>
            <translation>이 범위에는 아직 기록이 없습니다.</translation>
        </message>
        <message>
            <source>Widen the filter, or wait for the recording.</source>
            <translation>필터를 넓히거나 기록을 기다리십시오.</translation>
        </message>
        <message>
            <source>No token has an expert here: every choice was dropped.</source>
            <translation>여기에는 전문가를 얻은 토큰이 없습니다. 모든 선택이 버려졌습니다.</translation>
        </message>
        <message>
            <source>Capacity left no place in any expert. Record with a larger capacity.</source>
            <translation>용량 때문에 어느 전문가에도 자리가 없었습니다. 더 큰 용량으로 기록하십시오.</translation>
        </message>
        <message>
            <source>All %1 layers are as balanced as random routing would be.</source>
            <translation>%1개 층 모두 무작위 라우팅만큼 고릅니다.</translation>
        </message>
        <message>
            <source>Layer %1 is the least balanced: expert %2 takes %3 its fair share; chance alone would give %4.</source>
            <translation>%1층이 가장 고르지 않습니다. 전문가 %2가 공평한 몫의 %3를 맡으며, 우연만으로는 %4입니다.</translation>
        </message>
        <message>
            <source>%1 of %2 layers are uneven beyond chance.</source>
            <translation>%2개 층 중 %1개가 우연을 넘어 고르지 않습니다.</translation>
        </message>
        <message>
            <source>No expert is dead.</source>
            <translation>쓰이지 않는 전문가는 없습니다.</translation>
        </message>
        <message>
            <source>Dead experts: %1 (by chance %2).</source>
            <translation>쓰이지 않는 전문가: %1 (우연히 %2).</translation>
        </message>
        <message>
            <source>Layer %1 has no assignments in this part of the run.</source>
            <translation>이 범위에서 %1층에는 할당이 없습니다.</translation>
        </message>
        <message>
            <source>In layer %1, expert %2 takes %3 its fair share; chance alone would give %4.</source>
            <translation>%1층에서 전문가 %2가 공평한 몫의 %3를 맡습니다. 우연만으로는 %4입니다.</translation>
        </message>
        <message>
            <source>Layer %1 is as balanced as random routing would be.</source>
            <translation>%1층은 무작위 라우팅만큼 고릅니다.</translation>
        </message>
        <message>
            <source>CV %1 (by chance %2). The layer works as if it had %3 equally used experts of %4; %5 dead.</source>
            <translation>CV %1 (우연히 %2). 전문가 %4개 중 %3개를 똑같이 쓰는 것과 같습니다. 쓰이지 않는 전문가 %5개.</translation>
        </message>
        <message>
            <source>This run has one domain only, so experts cannot be told apart by it.</source>
            <translation>이 실행에는 분야가 하나뿐이라 전문가를 분야로 구별할 수 없습니다.</translation>
        </message>
        <message>
            <source>Record a folder whose sub-folders name domains to compare them.</source>
            <translation>하위 폴더가 분야를 나타내는 폴더를 기록하면 비교할 수 있습니다.</translation>
        </message>
        <message>
            <source>In layer %1, expert %2 is sought by %3: %4 its overall rate, %5 of that domain's choices.</source>
            <translation>%1층에서 전문가 %2는 %3에서 많이 찾습니다. 전체 비율의 %4이고, 그 분야 선택의 %5입니다.</translation>
        </message>
        <message>
            <source>The domains differ by %1 bits on average in this layer (0: all use the experts alike; 1: none share one).</source>
            <translation>이 층에서 분야들은 평균 %1비트 다릅니다 (0: 모두 똑같이 사용, 1: 겹치는 전문가 없음).</translation>
        </message>
        <message>
            <source>Model</source>
            <translation>모델</translation>
        </message>
        <message>
            <source>Tokens</source>
            <translation>토큰</translation>
        </message>
        <message>
            <source>State</source>
            <translation>상태</translation>
        </message>
        <message>
            <source>Recorded</source>
            <translation>기록 시각</translation>
        </message>
        <message>
            <source>Router</source>
            <translation>라우터</translation>
        </message>
        <message>
            <source>%1 MoE layers, %2 experts each, top %3</source>
            <translation>MoE 층 %1개, 층마다 전문가 %2개, 상위 %3개 선택</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>메모</translation>
        </message>
        <message>
            <source>At capacity factor 1.25, %1 of the choices would be dropped (layer %2: %3); at factor 2, %4.</source>
            <translation>용량 계수 1.25에서는 선택의 %1가 버려지고(%2층: %3), 계수 2에서는 %4가 버려집니다.</translation>
        </message>
    </context>
    <context>
        <name>HeatmapData</name>
        <message>
            <source>no value</source>
            <translation>값 없음</translation>
        </message>
        <message>
            <source>chance alone: %1 to %2 (95 %)</source>
            <translation>우연만으로: %1 ~ %2 (95 %)</translation>
        </message>
    </context>
    <context>
        <name>Help</name>
        <message>
            <source>Text: walk the tokens</source>
            <translation>본문: 토큰 사이 이동</translation>
        </message>
        <message>
            <source>arrow keys</source>
            <translation>화살표 키</translation>
        </message>
        <message>
            <source>Text: next or previous token of the expert</source>
            <translation>본문: 전문가의 다음 또는 이전 토큰</translation>
        </message>
        <message>
            <source>Text: larger or smaller</source>
            <translation>본문: 크게 또는 작게</translation>
        </message>
        <message>
            <source>Ctrl+wheel</source>
            <translation>Ctrl+휠</translation>
        </message>
        <message>
            <source>Heatmap: move the cursor, select</source>
            <translation>히트맵: 커서 이동, 선택</translation>
        </message>
        <message>
            <source>arrow keys, Enter</source>
            <translation>화살표 키, Enter</translation>
        </message>
        <message>
            <source>Heatmap: zoom, pan, show all</source>
            <translation>히트맵: 확대, 이동, 전체 보기</translation>
        </message>
        <message>
            <source>Ctrl+wheel or + and -, drag, 0 or double click</source>
            <translation>Ctrl+휠 또는 +와 -, 끌기, 0 또는 두 번 클릭</translation>
        </message>
        <message>
            <source>Prompt: show its routing</source>
            <translation>프롬프트: 라우팅 보기</translation>
        </message>
        <message>
            <source>Shortcuts</source>
            <translation>단축키</translation>
        </message>
        <message>
            <source>What</source>
            <translation>동작</translation>
        </message>
        <message>
            <source>Keys</source>
            <translation>키</translation>
        </message>
        <message>
            <source>About MoEScope</source>
            <translation>MoEScope 정보</translation>
        </message>
        <message>
            <source>&lt;b&gt;MoEScope %1&lt;/b&gt;&lt;br&gt;What the routers of mixture-of-experts models do.&lt;br&gt;&lt;br&gt;Apache License 2.0. Qt %2.</source>
            <translation>&lt;b&gt;MoEScope %1&lt;/b&gt;&lt;br&gt;전문가 혼합 모델의 라우터가 하는 일을 보여 줍니다.&lt;br&gt;&lt;br&gt;Apache License 2.0. Qt %2.</translation>
        </message>
        <message>
            <source>Table: copy the row</source>
            <translation>표: 행 복사</translation>
        </message>
    </context>
    <context>
        <name>Ink</name>
        <message>
            <source>lost all its experts</source>
            <translation>모든 전문가를 잃음</translation>
        </message>
        <message>
            <source>lost some</source>
            <translation>일부를 잃음</translation>
        </message>
        <message>
            <source>weight of the strongest expert</source>
            <translation>가장 강한 전문가의 가중치</translation>
        </message>
        <message>
            <source>router margin</source>
            <translation>라우터 마진</translation>
        </message>
        <message>
            <source>nll in nats</source>
            <translation>nll (nat 단위)</translation>
        </message>
    </context>
    <context>
        <name>LoadViews</name>
        <message>
            <source>load ratio</source>
            <translation>부하 비</translation>
        </message>
        <message>
            <source>assignments over the fair share k·T/E; 1 is fair</source>
            <translation>할당 / 공평한 몫 k·T/E. 1이 공평함</translation>
        </message>
        <message>
            <source>share</source>
            <translation>비율</translation>
        </message>
        <message>
            <source>assignments over all of the layer's assignments</source>
            <translation>할당 / 그 층의 모든 할당</translation>
        </message>
        <message>
            <source>first choices</source>
            <translation>첫 번째 선택</translation>
        </message>
        <message>
            <source>tokens whose strongest expert it is, over T/E; 1 is fair</source>
            <translation>가장 강한 전문가로 고른 토큰 / (T/E). 1이 공평함</translation>
        </message>
        <message>
            <source>mean prob</source>
            <translation>평균 확률</translation>
        </message>
        <message>
            <source>mean router probability over all tokens, chosen or not</source>
            <translation>선택 여부와 관계없이 모든 토큰의 평균 라우터 확률</translation>
        </message>
        <message>
            <source>layer</source>
            <translation>층</translation>
        </message>
        <message>
            <source>expert</source>
            <translation>전문가</translation>
        </message>
        <message>
            <source>assignments</source>
            <translation>할당</translation>
        </message>
        <message>
            <source>more than chance</source>
            <translation>우연보다 많음</translation>
        </message>
        <message>
            <source>within chance</source>
            <translation>우연 범위</translation>
        </message>
        <message>
            <source>less than chance</source>
            <translation>우연보다 적음</translation>
        </message>
        <message>
            <source>&lt;b&gt;layer %1 · expert %2&lt;/b&gt;&lt;br&gt;load ratio &lt;b&gt;%3&lt;/b&gt; (chance: %4 to %5)&lt;br&gt;%6 assignments, %7 of the layer&lt;br&gt;first choice of %8 tokens&lt;br&gt;&lt;i&gt;1 is the fair share k·T/E&lt;/i&gt;</source>
            <translation>&lt;b&gt;%1층 · 전문가 %2&lt;/b&gt;&lt;br&gt;부하 비 &lt;b&gt;%3&lt;/b&gt; (우연: %4 ~ %5)&lt;br&gt;할당 %6개, 층의 %7&lt;br&gt;토큰 %8개의 첫 번째 선택&lt;br&gt;&lt;i&gt;1이 공평한 몫 k·T/E&lt;/i&gt;</translation>
        </message>
        <message>
            <source>fair share</source>
            <translation>공평한 몫</translation>
        </message>
        <message>
            <source>thousand tokens</source>
            <translation>천 토큰</translation>
        </message>
        <message>
            <source>token</source>
            <translation>토큰</translation>
        </message>
        <message>
            <source>CV</source>
            <translation>변동 계수(CV)</translation>
        </message>
        <message>
            <source>CV of stretches of %1 tokens</source>
            <translation>%1토큰 구간의 CV</translation>
        </message>
        <message>
            <source>&lt;b&gt;layer %1 · expert %2&lt;/b&gt;&lt;br&gt;load ratio &lt;b&gt;%3&lt;/b&gt; (chance: %4 to %5)&lt;br&gt;%6 assignments, %7 of the layer&lt;br&gt;%8&lt;i&gt;1 is the fair share k·T/E&lt;/i&gt;</source>
            <translation>&lt;b&gt;%1층 · 전문가 %2&lt;/b&gt;&lt;br&gt;부하 비율 &lt;b&gt;%3&lt;/b&gt; (우연: %4~%5)&lt;br&gt;배정 %6회, 층의 %7&lt;br&gt;%8&lt;i&gt;1이 공평한 몫 k·T/E&lt;/i&gt;</translation>
        </message>
        <message>
            <source>first choice of %1 tokens&lt;br&gt;</source>
            <translation>토큰 %1개의 첫째 선택&lt;br&gt;</translation>
        </message>
    </context>
    <context>
        <name>Menus</name>
        <message>
            <source>&amp;File</source>
            <translation>파일(&amp;F)</translation>
        </message>
        <message>
            <source>&amp;Open recording…</source>
            <translation>기록 열기(&amp;O)…</translation>
        </message>
        <message>
            <source>Open &amp;recent</source>
            <translation>최근 기록(&amp;R)</translation>
        </message>
        <message>
            <source>&amp;Record a model…</source>
            <translation>모델 기록(&amp;R)…</translation>
        </message>
        <message>
            <source>Route a &amp;prompt</source>
            <translation>프롬프트 라우팅(&amp;P)</translation>
        </message>
        <message>
            <source>&amp;Save page as picture…</source>
            <translation>페이지를 그림으로 저장(&amp;S)…</translation>
        </message>
        <message>
            <source>&amp;Export page as CSV…</source>
            <translation>페이지를 CSV로 내보내기(&amp;E)…</translation>
        </message>
        <message>
            <source>&amp;Close recording</source>
            <translation>기록 닫기(&amp;C)</translation>
        </message>
        <message>
            <source>&amp;Quit</source>
            <translation>끝내기(&amp;Q)</translation>
        </message>
        <message>
            <source>&amp;Edit</source>
            <translation>편집(&amp;E)</translation>
        </message>
        <message>
            <source>&amp;Copy page as picture</source>
            <translation>페이지를 그림으로 복사(&amp;C)</translation>
        </message>
        <message>
            <source>&amp;Find in the text…</source>
            <translation>본문에서 찾기(&amp;F)…</translation>
        </message>
        <message>
            <source>&amp;Go</source>
            <translation>이동(&amp;G)</translation>
        </message>
        <message>
            <source>&amp;Back</source>
            <translation>뒤로(&amp;B)</translation>
        </message>
        <message>
            <source>&amp;Forward</source>
            <translation>앞으로(&amp;F)</translation>
        </message>
        <message>
            <source>&amp;Previous layer</source>
            <translation>이전 층(&amp;P)</translation>
        </message>
        <message>
            <source>&amp;Next layer</source>
            <translation>다음 층(&amp;N)</translation>
        </message>
        <message>
            <source>Previous &amp;expert</source>
            <translation>이전 전문가(&amp;E)</translation>
        </message>
        <message>
            <source>Next e&amp;xpert</source>
            <translation>다음 전문가(&amp;X)</translation>
        </message>
        <message>
            <source>&amp;View</source>
            <translation>보기(&amp;V)</translation>
        </message>
        <message>
            <source>&amp;Restore default layout</source>
            <translation>기본 배치로 되돌리기(&amp;R)</translation>
        </message>
        <message>
            <source>Look of the &amp;desktop</source>
            <translation>바탕 화면에 맞춤(&amp;D)</translation>
        </message>
        <message>
            <source>&amp;Light</source>
            <translation>밝게(&amp;L)</translation>
        </message>
        <message>
            <source>D&amp;ark</source>
            <translation>어둡게(&amp;A)</translation>
        </message>
        <message>
            <source>&amp;Help</source>
            <translation>도움말(&amp;H)</translation>
        </message>
        <message>
            <source>&amp;Shortcuts</source>
            <translation>단축키(&amp;S)</translation>
        </message>
        <message>
            <source>&amp;About MoEScope</source>
            <translation>MoEScope 정보(&amp;A)</translation>
        </message>
        <message>
            <source>&amp;Train small models…</source>
            <translation>작은 모델 학습(&amp;T)…</translation>
        </message>
        <message>
            <source>&amp;Import routing…</source>
            <translation>라우팅 가져오기(&amp;I)…</translation>
        </message>
        <message>
            <source>Export all &amp;tables as CSV…</source>
            <translation>모든 표를 CSV로 내보내기(&amp;T)…</translation>
        </message>
        <message>
            <source>Copy &amp;link to this view</source>
            <translation>이 화면의 링크 복사(&amp;L)</translation>
        </message>
        <message>
            <source>&amp;Open the link in the clipboard</source>
            <translation>클립보드의 링크 열기(&amp;O)</translation>
        </message>
        <message>
            <source>Filter by &amp;token text</source>
            <translation>토큰 텍스트로 거르기(&amp;T)</translation>
        </message>
        <message>
            <source>&amp;Clear the filter</source>
            <translation>필터 지우기(&amp;C)</translation>
        </message>
        <message>
            <source>&amp;Command…</source>
            <translation>명령(&amp;C)…</translation>
        </message>
    </context>
    <context>
        <name>Pages</name>
        <message>
            <source>Overview</source>
            <translation>개요</translation>
        </message>
        <message>
            <source>Load</source>
            <translation>부하</translation>
        </message>
        <message>
            <source>Specialization</source>
            <translation>특화</translation>
        </message>
        <message>
            <source>Tokens</source>
            <translation>토큰</translation>
        </message>
        <message>
            <source>Capacity</source>
            <translation>용량</translation>
        </message>
        <message>
            <source>Flow</source>
            <translation>흐름</translation>
        </message>
        <message>
            <source>Compare</source>
            <translation>비교</translation>
        </message>
        <message>
            <source>Training</source>
            <translation>학습</translation>
        </message>
        <message>
            <source>Dossier</source>
            <translation>전문가 기록</translation>
        </message>
        <message>
            <source>SQL</source>
            <translation>SQL 질의</translation>
        </message>
    </context>
    <context>
        <name>SpecializationViews</name>
        <message>
            <source>domain</source>
            <translation>분야</translation>
        </message>
        <message>
            <source>expert</source>
            <translation>전문가</translation>
        </message>
        <message>
            <source>lift</source>
            <translation>향상도</translation>
        </message>
        <message>
            <source>assignments</source>
            <translation>할당</translation>
        </message>
        <message>
            <source>share of the domain's choices over the expert's share of all choices; 1 is no preference</source>
            <translation>분야의 선택에서 차지하는 비율 / 전체 선택에서 차지하는 비율. 1이면 선호 없음</translation>
        </message>
        <message>
            <source>lift (1: no preference)</source>
            <translation>향상도 (1: 선호 없음)</translation>
        </message>
        <message>
            <source>&lt;b&gt;%1 · expert %2&lt;/b&gt;&lt;br&gt;lift &lt;b&gt;%3&lt;/b&gt; (chance: %4 to %5)&lt;br&gt;%6 of the domain's choices, %7 of its tokens&lt;br&gt;%8 assignments</source>
            <translation>&lt;b&gt;%1 · 전문가 %2&lt;/b&gt;&lt;br&gt;향상도 &lt;b&gt;%3&lt;/b&gt; (우연: %4 ~ %5)&lt;br&gt;분야 선택의 %6, 토큰의 %7&lt;br&gt;할당 %8개</translation>
        </message>
        <message>
            <source>no preference</source>
            <translation>선호 없음</translation>
        </message>
    </context>
    <context>
        <name>moescope::BarChart</name>
        <message>
            <source>Bars of %1 by %2</source>
            <translation>%2별 %1 막대</translation>
        </message>
        <message>
            <source>chance alone (95 %)</source>
            <translation>우연만으로 (95 %)</translation>
        </message>
    </context>
    <context>
        <name>moescope::CapacityControls</name>
        <message>
            <source>Capacity factor</source>
            <translation>용량 계수</translation>
        </message>
        <message>
            <source>groups of %1 tokens</source>
            <translation>%1토큰 그룹</translation>
        </message>
        <message>
            <source>Tokens of a group</source>
            <translation>그룹의 토큰 수</translation>
        </message>
        <message>
            <source>round down (MegaBlocks)</source>
            <translation>내림 (MegaBlocks)</translation>
        </message>
        <message>
            <source>round up (Megatron)</source>
            <translation>올림 (Megatron)</translation>
        </message>
        <message>
            <source>up to a multiple of 4 (V-MoE)</source>
            <translation>4의 배수로 올림 (V-MoE)</translation>
        </message>
        <message>
            <source>Rounding of the capacity</source>
            <translation>용량 반올림 방식</translation>
        </message>
        <message>
            <source>drop in token order (GShard)</source>
            <translation>토큰 순서대로 버림 (GShard)</translation>
        </message>
        <message>
            <source>drop the least sure (V-MoE)</source>
            <translation>확신이 낮은 것부터 버림 (V-MoE)</translation>
        </message>
        <message>
            <source>keep the highest probabilities (Megatron)</source>
            <translation>확률이 높은 것을 남김 (Megatron)</translation>
        </message>
        <message>
            <source>send to the next best expert</source>
            <translation>차선 전문가에게 보냄</translation>
        </message>
        <message>
            <source>What happens to choices without room</source>
            <translation>자리가 없는 선택의 처리</translation>
        </message>
    </context>
    <context>
        <name>moescope::CapacityPage</name>
        <message>
            <source>Tokens that lose experts</source>
            <translation>전문가를 잃는 토큰</translation>
        </message>
        <message>
            <source>Dropped choices by capacity factor</source>
            <translation>용량 계수에 따른 버려진 선택</translation>
        </message>
        <message>
            <source>Experts against their places</source>
            <translation>전문가별 부하와 자리 수</translation>
        </message>
        <message>
            <source>The text with lost tokens marked</source>
            <translation>잃은 토큰을 표시한 본문</translation>
        </message>
        <message>
            <source>Crossed out: lost every expert; underlined: lost some</source>
            <translation>취소선: 모든 전문가를 잃음, 밑줄: 일부를 잃음</translation>
        </message>
        <message>
            <source>This run holds counts only, so which tokens would be dropped is not known.</source>
            <translation>이 실행에는 개수만 있어 어떤 토큰이 버려질지 알 수 없습니다.</translation>
        </message>
        <message>
            <source>Record the model, or import a trace with its routes.</source>
            <translation>모델을 기록하거나 경로가 담긴 추적을 가져오십시오.</translation>
        </message>
        <message>
            <source>Before any is sent on. Red: layer %1, thin: the others, dotted: the factor at hand</source>
            <translation>다음 전문가로 보내기 전입니다. 빨강: %1층, 가는 선: 다른 층, 점선: 지금의 계수</translation>
        </message>
        <message>
            <source>Red: layer %1, thin: the others, dotted: the factor at hand; click to choose one</source>
            <translation>빨강: %1층, 가는 선: 다른 층, 점선: 지금의 계수. 누르면 계수를 고릅니다</translation>
        </message>
        <message>
            <source>Layer %1: experts against their places, a sample</source>
            <translation>%1층: 전문가별 부하와 자리 수(표본)</translation>
        </message>
        <message>
            <source>From the first %1 of %2 tokens so far; all are being counted.</source>
            <translation>아직은 토큰 %2개 중 처음 %1개의 결과이며, 전체를 세는 중입니다.</translation>
        </message>
        <message>
            <source>Layer %1: experts against their places</source>
            <translation>%1층: 전문가별 부하와 자리 수</translation>
        </message>
        <message>
            <source>capacity of layer %1</source>
            <translation>%1층 용량</translation>
        </message>
        <message>
            <source>No token loses an expert at this capacity.</source>
            <translation>이 용량에서는 전문가를 잃는 토큰이 없습니다.</translation>
        </message>
        <message>
            <source>The first %1 of %2, those that lose all first</source>
            <translation>%2개 중 처음 %1개, 모두 잃는 토큰부터</translation>
        </message>
        <message>
            <source>Those that lose all first</source>
            <translation>모두 잃는 토큰부터</translation>
        </message>
        <message>
            <source>The filter's tokens do not apply here: groups are consecutive tokens of the whole run.</source>
            <translation>여기에는 필터의 토큰이 적용되지 않습니다. 그룹은 실행 전체의 연속한 토큰입니다.</translation>
        </message>
        <message>
            <source>All experts compete for places; the bars show those of the filter.</source>
            <translation>모든 전문가가 자리를 다툽니다. 막대는 필터의 전문가만 보여 줍니다.</translation>
        </message>
    </context>
    <context>
        <name>moescope::ExpertTokenModel</name>
        <message>
            <source>Token</source>
            <translation>토큰</translation>
        </message>
        <message>
            <source>The vocabulary piece; ␣ is a space, ↵ a line break</source>
            <translation>어휘 조각. ␣는 공백, ↵는 줄바꿈</translation>
        </message>
        <message>
            <source>Count</source>
            <translation>횟수</translation>
        </message>
        <message>
            <source>Occurrences that have the expert among their k</source>
            <translation>선택한 k개에 이 전문가가 있는 출현</translation>
        </message>
        <message>
            <source>of</source>
            <translation>전체</translation>
        </message>
        <message>
            <source>Occurrences in this part of the run; few make the share unreliable</source>
            <translation>이 범위의 출현 횟수. 적으면 비율을 믿기 어렵습니다</translation>
        </message>
        <message>
            <source>Share</source>
            <translation>비율</translation>
        </message>
        <message>
            <source>Vocabulary specialization: count / occurrences (OLMoE)</source>
            <translation>어휘 특화: 횟수 / 출현 (OLMoE)</translation>
        </message>
        <message>
            <source>Surprise</source>
            <translation>두드러짐</translation>
        </message>
        <message>
            <source>How far the count lies above what the expert's share of all tokens gives: signed root of the Poisson deviance</source>
            <translation>전문가의 전체 비율로 예상되는 값보다 얼마나 많은지: 푸아송 이탈도의 부호 있는 제곱근</translation>
        </message>
        <message>
            <source>Id</source>
            <translation>번호</translation>
        </message>
        <message>
            <source>Vocabulary id</source>
            <translation>어휘 번호</translation>
        </message>
        <message>
            <source>%1 of the %2 occurrences of this token have expert %3 among their k (%4); over all tokens it is %5</source>
            <translation>이 토큰의 출현 %2번 중 %1번이 전문가 %3을 선택했습니다(%4). 모든 토큰에서는 %5입니다</translation>
        </message>
    </context>
    <context>
        <name>moescope::HeatmapWidget</name>
        <message>
            <source>Heatmap of %1 by %2 and %3</source>
            <translation>%2와 %3에 따른 %1 히트맵</translation>
        </message>
        <message>
            <source>%1 %2, %3 %4: %5</source>
            <translation>%1 값 %2, %3 값 %4: %5</translation>
        </message>
    </context>
    <context>
        <name>moescope::InkLegend</name>
        <message>
            <source>What the colours mean</source>
            <translation>색의 뜻</translation>
        </message>
        <message>
            <source>Click an expert to see its tokens only; N steps through them</source>
            <translation>전문가를 클릭하면 그 토큰만 보입니다. N으로 차례로 이동합니다</translation>
        </message>
        <message>
            <source>Expert</source>
            <translation>전문가</translation>
        </message>
        <message>
            <source>Expert %1</source>
            <translation>전문가 %1</translation>
        </message>
    </context>
    <context>
        <name>moescope::LayerTableModel</name>
        <message>
            <source>Layer</source>
            <translation>층</translation>
        </message>
        <message>
            <source>The decoder layer's index in the model; dense layers have no row</source>
            <translation>모델 안 디코더 층의 번호. 밀집 층은 행이 없습니다</translation>
        </message>
        <message>
            <source>Load by expert</source>
            <translation>전문가별 부하</translation>
        </message>
        <message>
            <source>Load ratio of each expert; the grey band is what chance alone shows</source>
            <translation>전문가별 부하 비. 회색 띠는 우연만으로 나타나는 범위입니다</translation>
        </message>
        <message>
            <source>CV</source>
            <translation>변동 계수(CV)</translation>
        </message>
        <message>
            <source>Population standard deviation over mean of the experts' loads; 0 is perfectly even</source>
            <translation>전문가 부하의 모집단 표준편차 / 평균. 0이면 완전히 고릅니다</translation>
        </message>
        <message>
            <source>MaxVio</source>
            <translation>최대 초과(MaxVio)</translation>
        </message>
        <message>
            <source>(largest load − mean load) / mean load, over the whole run (arXiv 2408.15664)</source>
            <translation>(최대 부하 − 평균 부하) / 평균 부하, 실행 전체 (arXiv 2408.15664)</translation>
        </message>
        <message>
            <source>Entropy</source>
            <translation>엔트로피</translation>
        </message>
        <message>
            <source>Entropy of the load over its largest value, ln E; 1 is perfectly even</source>
            <translation>부하의 엔트로피 / 최댓값 ln E. 1이면 완전히 고릅니다</translation>
        </message>
        <message>
            <source>Busiest</source>
            <translation>가장 바쁜 전문가</translation>
        </message>
        <message>
            <source>The expert with most assignments and its load ratio (1 is its fair share)</source>
            <translation>할당이 가장 많은 전문가와 부하 비 (1이 공평한 몫)</translation>
        </message>
        <message>
            <source>Dead</source>
            <translation>미사용</translation>
        </message>
        <message>
            <source>Experts without a single assignment</source>
            <translation>할당이 하나도 없는 전문가</translation>
        </message>
        <message>
            <source>Margin</source>
            <translation>마진</translation>
        </message>
        <message>
            <source>Mean router margin: score of rank k minus rank k+1; how close tokens were to another route</source>
            <translation>평균 라우터 마진: k위 점수에서 k+1위 점수를 뺀 값. 다른 경로에 얼마나 가까웠는지</translation>
        </message>
        <message>
            <source>Reading</source>
            <translation>해석</translation>
        </message>
        <message>
            <source>What stands out beyond chance</source>
            <translation>우연을 넘어 두드러지는 점</translation>
        </message>
        <message>
            <source>CV %1; random routing of as many tokens: %2 (95 %: %3 to %4)</source>
            <translation>CV %1. 같은 수의 토큰을 무작위로 보내면 %2 (95 %: %3 ~ %4)</translation>
        </message>
        <message>
            <source>MaxVio %1; random routing: %2 (95 %: %3 to %4)</source>
            <translation>MaxVio %1. 무작위 라우팅: %2 (95 %: %3 ~ %4)</translation>
        </message>
        <message>
            <source>%1 dead; by chance %2</source>
            <translation>미사용 %1개, 우연히 %2개</translation>
        </message>
        <message>
            <source>E%1 over twice its share</source>
            <translation>E%1이(가) 제 몫의 두 배 넘게 맡음</translation>
        </message>
        <message>
            <source>uneven beyond chance</source>
            <translation>우연을 넘어 고르지 않음</translation>
        </message>
        <message>
            <source>evener than chance: actively balanced</source>
            <translation>우연보다 고름: 균형 장치가 작동</translation>
        </message>
        <message>
            <source>as even as chance</source>
            <translation>우연만큼 고름</translation>
        </message>
        <message>
            <source>dead experts: %1</source>
            <translation>미사용 전문가 %1개</translation>
        </message>
        <message>
            <source>Dropped</source>
            <translation>버려짐</translation>
        </message>
        <message>
            <source>Share of choices without room at capacity factor 1.25, groups of 1,024 tokens</source>
            <translation>용량 계수 1.25, 1,024토큰 그룹에서 자리가 없는 선택의 비율</translation>
        </message>
        <message>
            <source>overflows at 1.25</source>
            <translation>1.25에서 넘침</translation>
        </message>
        <message>
            <source>factor %1: &lt;b&gt;%2&lt;/b&gt;</source>
            <translation>계수 %1: &lt;b&gt;%2&lt;/b&gt;</translation>
        </message>
        <message>
            <source>load ratios from %1 to %2</source>
            <translation>부하 비율 %1에서 %2까지</translation>
        </message>
    </context>
    <context>
        <name>moescope::LineChart</name>
        <message>
            <source>Lines of %1 over %2</source>
            <translation>%2에 따른 %1 선</translation>
        </message>
        <message>
            <source>chance alone (95 %)</source>
            <translation>우연만으로 (95 %)</translation>
        </message>
    </context>
    <context>
        <name>moescope::LoadPage</name>
        <message>
            <source>Load ratio</source>
            <translation>부하 비</translation>
        </message>
        <message>
            <source>Share</source>
            <translation>비율</translation>
        </message>
        <message>
            <source>First choices</source>
            <translation>첫 번째 선택</translation>
        </message>
        <message>
            <source>Mean probability</source>
            <translation>평균 확률</translation>
        </message>
        <message>
            <source>What the heatmap shows</source>
            <translation>히트맵이 보여 주는 값</translation>
        </message>
        <message>
            <source>Every layer</source>
            <translation>모든 층</translation>
        </message>
        <message>
            <source>Orange is more than a fair share, blue less; the bracket at the legend is what chance alone shows</source>
            <translation>주황은 공평한 몫보다 많고 파랑은 적습니다. 범례의 괄호는 우연만으로 나타나는 범위입니다</translation>
        </message>
        <message>
            <source>load heatmap</source>
            <translation>부하 히트맵</translation>
        </message>
        <message>
            <source>One layer</source>
            <translation>한 층</translation>
        </message>
        <message>
            <source>Along the run</source>
            <translation>실행을 따라</translation>
        </message>
        <message>
            <source>Layer %1</source>
            <translation>%1층</translation>
        </message>
        <message>
            <source>load of layer %1</source>
            <translation>%1층 부하</translation>
        </message>
        <message>
            <source>Layer %1 along the run</source>
            <translation>실행을 따라 본 %1층</translation>
        </message>
        <message>
            <source>balance along the run layer %1</source>
            <translation>%1층 실행 중 균형</translation>
        </message>
        <message>
            <source>This run holds counts only, so nothing is known along its tokens.</source>
            <translation>이 실행에는 개수만 있어 토큰을 따라 볼 수 없습니다.</translation>
        </message>
        <message>
            <source>Too few tokens to follow the balance along the run.</source>
            <translation>토큰이 너무 적어 균형의 흐름을 볼 수 없습니다.</translation>
        </message>
        <message>
            <source>The finding, and the line along the run, count all experts of the layer.</source>
            <translation>요약 문장과 실행을 따라 그린 선은 층의 모든 전문가를 셉니다.</translation>
        </message>
    </context>
    <context>
        <name>moescope::LostTokenModel</name>
        <message>
            <source>Token</source>
            <translation>토큰</translation>
        </message>
        <message>
            <source>The token's text</source>
            <translation>토큰의 글자</translation>
        </message>
        <message>
            <source>Index</source>
            <translation>위치</translation>
        </message>
        <message>
            <source>0-based index within the run</source>
            <translation>실행 안에서 0부터 센 위치</translation>
        </message>
        <message>
            <source>Lost</source>
            <translation>잃음</translation>
        </message>
        <message>
            <source>Choices dropped of all choices</source>
            <translation>모든 선택 중 버려진 선택</translation>
        </message>
        <message>
            <source>Full experts</source>
            <translation>가득 찬 전문가</translation>
        </message>
        <message>
            <source>The experts that had no room for it</source>
            <translation>자리가 없었던 전문가</translation>
        </message>
        <message>
            <source>%1 of %2</source>
            <translation>%2개 중 %1개</translation>
        </message>
    </context>
    <context>
        <name>moescope::MainWindow</name>
        <message>
            <source>MoEScope</source>
            <translation>MoEScope (모이스코프)</translation>
        </message>
        <message>
            <source>Pages</source>
            <translation>페이지</translation>
        </message>
        <message>
            <source>Prompt</source>
            <translation>프롬프트</translation>
        </message>
        <message>
            <source>Opening %1…</source>
            <translation>%1 여는 중…</translation>
        </message>
        <message>
            <source>%1 – MoEScope</source>
            <translation>%1 – MoEScope (모이스코프)</translation>
        </message>
        <message>
            <source> · being trained</source>
            <translation> · 학습 중</translation>
        </message>
        <message>
            <source> · being recorded</source>
            <translation> · 기록 중</translation>
        </message>
        <message>
            <source> · interrupted</source>
            <translation> · 중단됨</translation>
        </message>
        <message>
            <source>%1 · %2 tokens · %3 layers × %4 experts%5</source>
            <translation>%1 · 토큰 %2개 · %3층 × 전문가 %4개%5</translation>
        </message>
        <message>
            <source>Open recording</source>
            <translation>기록 열기</translation>
        </message>
        <message>
            <source>Recordings (*.db *.moescope *.sqlite);;All files (*)</source>
            <translation>기록 (*.db *.moescope *.sqlite);;모든 파일 (*)</translation>
        </message>
        <message>
            <source>Open a recording first; then its pages can be saved.</source>
            <translation>먼저 기록을 여십시오. 그러면 페이지를 저장할 수 있습니다.</translation>
        </message>
        <message>
            <source>Save page</source>
            <translation>페이지 저장</translation>
        </message>
        <message>
            <source>Pictures (*.png *.svg *.pdf)</source>
            <translation>그림 (*.png *.svg *.pdf)</translation>
        </message>
        <message>
            <source>Saved %1</source>
            <translation>%1 저장함</translation>
        </message>
        <message>
            <source>Copied the page as a picture</source>
            <translation>페이지를 그림으로 복사함</translation>
        </message>
        <message>
            <source>Folder for the page's CSV files</source>
            <translation>페이지의 CSV 파일을 둘 폴더</translation>
        </message>
        <message>
            <source>This program was built without the engine, so it cannot run a model.</source>
            <translation>이 프로그램은 엔진 없이 빌드되어 모델을 실행할 수 없습니다.</translation>
        </message>
        <message>
            <source>prompt %1</source>
            <translation>프롬프트 %1</translation>
        </message>
        <message>
            <source>%1 tokens in %2 s</source>
            <translation>토큰 %1개, %2초</translation>
        </message>
        <message>
            <source>Stopped.</source>
            <translation>멈췄습니다.</translation>
        </message>
        <message>
            <source>Loading the model and routing the prompt…</source>
            <translation>모델을 불러와 프롬프트를 라우팅하는 중…</translation>
        </message>
        <message>
            <source>CSV files written: %1</source>
            <translation>CSV 파일 %1개를 저장함</translation>
        </message>
        <message>
            <source>Jobs</source>
            <translation>작업</translation>
        </message>
        <message>
            <source>%1 of %2 tokens</source>
            <translation>토큰 %2개 중 %1개</translation>
        </message>
        <message>
            <source>reading the texts</source>
            <translation>텍스트를 읽는 중</translation>
        </message>
        <message>
            <source>%1: step %2 of %3, loss %4, %5 tokens/s</source>
            <translation>%1: %3단계 중 %2단계, 손실 %4, 초당 토큰 %5개</translation>
        </message>
        <message>
            <source>%1: recording the held-out text, %2 of %3 tokens</source>
            <translation>%1: 남겨 둔 텍스트를 기록하는 중, 토큰 %3개 중 %2개</translation>
        </message>
        <message>
            <source>%1 left</source>
            <translation>%1 남음</translation>
        </message>
        <message>
            <source>table %1</source>
            <translation>표 %1</translation>
        </message>
        <message>
            <source>Record %1</source>
            <translation>%1 기록</translation>
        </message>
        <message>
            <source>Recorded %1 tokens as run “%2”.</source>
            <translation>토큰 %1개를 실행 “%2”로 기록했습니다.</translation>
        </message>
        <message>
            <source>Import %1</source>
            <translation>%1 가져오기</translation>
        </message>
        <message>
            <source>Imported as run “%1”.</source>
            <translation>실행 “%1”로 가져왔습니다.</translation>
        </message>
        <message>
            <source>Train %1</source>
            <translation>%1 학습</translation>
        </message>
        <message>
            <source>%1: held-out nll %2 after %3 steps</source>
            <translation>%1: %3단계 뒤 남겨 둔 텍스트의 nll %2</translation>
        </message>
        <message>
            <source>Open a recording first; then its tables can be exported.</source>
            <translation>먼저 기록을 여십시오. 그러면 표를 내보낼 수 있습니다.</translation>
        </message>
        <message>
            <source>Folder for the tables</source>
            <translation>표를 둘 폴더</translation>
        </message>
        <message>
            <source>Export to %1</source>
            <translation>%1(으)로 내보내기</translation>
        </message>
        <message>
            <source>%1 tables written to %2</source>
            <translation>표 %1개를 %2에 썼습니다</translation>
        </message>
        <message>
            <source>Open a recording first; then there is something to link to.</source>
            <translation>먼저 기록을 여십시오. 그래야 링크할 것이 있습니다.</translation>
        </message>
        <message>
            <source>Copied a link to this view; `moescope LINK` opens it</source>
            <translation>이 화면의 링크를 복사했습니다. `moescope LINK`로 엽니다</translation>
        </message>
        <message>
            <source>The clipboard holds no moescope:// link.</source>
            <translation>클립보드에 moescope:// 링크가 없습니다.</translation>
        </message>
        <message>
            <source>%1 is no link to a recording: it names no file.</source>
            <translation>%1은(는) 기록의 링크가 아닙니다. 파일 이름이 없습니다.</translation>
        </message>
    </context>
    <context>
        <name>moescope::OverviewPage</name>
        <message>
            <source>(Of the first %1 tokens.)</source>
            <translation>(처음 토큰 %1개 기준입니다.)</translation>
        </message>
        <message>
            <source>Fact</source>
            <translation>항목</translation>
        </message>
        <message>
            <source>Value</source>
            <translation>값</translation>
        </message>
        <message>
            <source>Domain</source>
            <translation>분야</translation>
        </message>
        <message>
            <source>Documents</source>
            <translation>문서</translation>
        </message>
        <message>
            <source>Tokens</source>
            <translation>토큰</translation>
        </message>
        <message>
            <source>Layers</source>
            <translation>층</translation>
        </message>
        <message>
            <source>Orange takes more than chance explains, blue less; the dotted line is the fair share</source>
            <translation>주황은 우연으로 설명되는 것보다 많이, 파랑은 적게 맡습니다. 점선은 공평한 몫입니다</translation>
        </message>
        <message>
            <source>Facts about the run</source>
            <translation>실행 정보</translation>
        </message>
        <message>
            <source>Run</source>
            <translation>실행</translation>
        </message>
        <message>
            <source>Domains of the texts</source>
            <translation>글의 분야</translation>
        </message>
        <message>
            <source>Texts</source>
            <translation>글</translation>
        </message>
        <message>
            <source>Bars are those of the filter's experts; a layer's figures count all of its experts.</source>
            <translation>막대는 필터의 전문가 것이고, 층의 수치는 모든 전문가를 셉니다.</translation>
        </message>
        <message>
            <source>What a capacity drops is counted for the whole run.</source>
            <translation>용량 때문에 버려지는 것은 실행 전체에서 셉니다.</translation>
        </message>
    </context>
    <context>
        <name>moescope::Panel</name>
        <message>
            <source>Copy or save what is shown</source>
            <translation>보이는 것을 복사하거나 저장</translation>
        </message>
        <message>
            <source>Copy or save %1</source>
            <translation>%1 복사 또는 저장</translation>
        </message>
        <message>
            <source>Copy picture</source>
            <translation>그림 복사</translation>
        </message>
        <message>
            <source>Save picture…</source>
            <translation>그림 저장…</translation>
        </message>
        <message>
            <source>Copy as CSV</source>
            <translation>CSV로 복사</translation>
        </message>
        <message>
            <source>Export CSV…</source>
            <translation>CSV 내보내기…</translation>
        </message>
        <message>
            <source>Save picture</source>
            <translation>그림 저장</translation>
        </message>
        <message>
            <source>Pictures (*.png *.svg *.pdf)</source>
            <translation>그림 (*.png *.svg *.pdf)</translation>
        </message>
        <message>
            <source>Export CSV</source>
            <translation>CSV 내보내기</translation>
        </message>
        <message>
            <source>Comma-separated values (*.csv)</source>
            <translation>쉼표로 구분한 값 (*.csv)</translation>
        </message>
    </context>
    <context>
        <name>moescope::PromptPanel</name>
        <message>
            <source>Paste a prompt and press Ctrl+Enter to see which experts its tokens hit</source>
            <translation>프롬프트를 붙여 넣고 Ctrl+Enter를 누르면 토큰이 어느 전문가로 가는지 보입니다</translation>
        </message>
        <message>
            <source>Prompt</source>
            <translation>프롬프트</translation>
        </message>
        <message>
            <source>Choose model…</source>
            <translation>모델 선택…</translation>
        </message>
        <message>
            <source>Model: %1</source>
            <translation>모델: %1</translation>
        </message>
        <message>
            <source>A folder with config.json, the weights and tokenizer.json</source>
            <translation>config.json, 가중치, tokenizer.json이 있는 폴더</translation>
        </message>
        <message>
            <source>Choose a model's folder</source>
            <translation>모델 폴더 선택</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>취소</translation>
        </message>
        <message>
            <source>Show routing</source>
            <translation>라우팅 보기</translation>
        </message>
    </context>
    <context>
        <name>moescope::RecordDialog</name>
        <message>
            <source>Record a model</source>
            <translation>모델 기록</translation>
        </message>
        <message>
            <source>Stopping after the current layer…</source>
            <translation>현재 층까지 마치고 멈춥니다…</translation>
        </message>
        <message>
            <source>Browse…</source>
            <translation>찾아보기…</translation>
        </message>
        <message>
            <source>Recordings (*.db)</source>
            <translation>기록 (*.db)</translation>
        </message>
        <message>
            <source>Model folder</source>
            <translation>모델 폴더</translation>
        </message>
        <message>
            <source>Texts</source>
            <translation>글</translation>
        </message>
        <message>
            <source>Texts: a folder whose sub-folders name domains</source>
            <translation>글: 하위 폴더가 분야를 나타내는 폴더</translation>
        </message>
        <message>
            <source>Recording</source>
            <translation>기록 파일</translation>
        </message>
        <message>
            <source>Recording to write</source>
            <translation>저장할 기록 파일</translation>
        </message>
        <message>
            <source>the model's name</source>
            <translation>모델의 이름</translation>
        </message>
        <message>
            <source>Name of the run</source>
            <translation>실행 이름</translation>
        </message>
        <message>
            <source>number type</source>
            <translation>수 형식</translation>
        </message>
        <message>
            <source>experts in int8</source>
            <translation>전문가는 int8로</translation>
        </message>
        <message>
            <source>The experts' weights and products in 8 bits: faster and less exact; on the CPU only</source>
            <translation>전문가의 가중치와 곱셈을 8비트로 합니다. 더 빠르지만 덜 정확하며, CPU에서만 됩니다</translation>
        </message>
        <message>
            <source>logits</source>
            <translation>로짓</translation>
        </message>
        <message>
            <source>Device</source>
            <translation>장치</translation>
        </message>
        <message>
            <source> tokens</source>
            <translation> 토큰</translation>
        </message>
        <message>
            <source>all of the text</source>
            <translation>글 전체</translation>
        </message>
        <message>
            <source>Window</source>
            <translation>창 길이</translation>
        </message>
        <message>
            <source>At most</source>
            <translation>최대</translation>
        </message>
        <message>
            <source>Progress</source>
            <translation>진행</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>닫기</translation>
        </message>
        <message>
            <source>This program was built without the engine, so it cannot record; it opens recordings all the same.</source>
            <translation>이 프로그램은 엔진 없이 빌드되어 기록할 수 없지만 기록을 열 수는 있습니다.</translation>
        </message>
        <message>
            <source>Choose the folder of a model: config.json, weights and tokenizer.</source>
            <translation>모델 폴더를 고르십시오: config.json, 가중치, 토크나이저.</translation>
        </message>
        <message>
            <source>Choose the texts to run it over.</source>
            <translation>모델에 넣을 글을 고르십시오.</translation>
        </message>
        <message>
            <source>Choose the recording to write.</source>
            <translation>저장할 기록 파일을 고르십시오.</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>취소</translation>
        </message>
        <message>
            <source>Record</source>
            <translation>기록</translation>
        </message>
        <message>
            <source>Recorded %1 tokens in %2 s as run “%3”.</source>
            <translation>토큰 %1개를 %2초 동안 “%3” 실행으로 기록했습니다.</translation>
        </message>
        <message>
            <source>Stopped. What was recorded is kept; `moescope record --resume` goes on from there.</source>
            <translation>멈췄습니다. 기록된 것은 남아 있으며 `moescope record --resume`으로 이어서 기록합니다.</translation>
        </message>
        <message>
            <source>Loading the model…</source>
            <translation>모델을 불러오는 중…</translation>
        </message>
        <message>
            <source>%1 of %2 tokens · %3 tokens/s · %4 s left</source>
            <translation>토큰 %2개 중 %1개 · 초당 %3토큰 · %4초 남음</translation>
        </message>
        <message>
            <source>tokens recorded</source>
            <translation>기록된 토큰</translation>
        </message>
        <message>
            <source>tokens per second</source>
            <translation>초당 토큰</translation>
        </message>
        <message>
            <source>Add to the jobs</source>
            <translation>작업에 추가</translation>
        </message>
        <message>
            <source>Record it behind the jobs that are under way; the Jobs panel shows how far it is</source>
            <translation>진행 중인 작업 뒤에 기록합니다. 작업 패널에 진행 상황이 보입니다</translation>
        </message>
        <message>
            <source>Added to the jobs.</source>
            <translation>작업에 추가했습니다.</translation>
        </message>
    </context>
    <context>
        <name>moescope::RouteStrip</name>
        <message>
            <source>Experts of the neighbouring tokens, layer by layer</source>
            <translation>이웃 토큰의 층별 전문가</translation>
        </message>
        <message>
            <source>Select a token to see it and its neighbours through all layers.</source>
            <translation>토큰을 고르면 이웃과 함께 모든 층의 경로가 보입니다.</translation>
        </message>
        <message>
            <source>layer %1</source>
            <translation>%1층</translation>
        </message>
        <message>
            <source>&lt;b&gt;%1&lt;/b&gt; · token %2 · layer %3</source>
            <translation>&lt;b&gt;%1&lt;/b&gt; · 토큰 %2 · %3층</translation>
        </message>
        <message>
            <source>&lt;br&gt;expert %1, weight %2</source>
            <translation>&lt;br&gt;전문가 %1, 가중치 %2</translation>
        </message>
    </context>
    <context>
        <name>moescope::RouteTableModel</name>
        <message>
            <source>Layer</source>
            <translation>층</translation>
        </message>
        <message>
            <source>Decoder layer</source>
            <translation>디코더 층</translation>
        </message>
        <message>
            <source>Experts</source>
            <translation>전문가</translation>
        </message>
        <message>
            <source>The chosen experts, strongest first</source>
            <translation>선택된 전문가, 강한 순서</translation>
        </message>
        <message>
            <source>Weights</source>
            <translation>가중치</translation>
        </message>
        <message>
            <source>What multiplies the experts' outputs</source>
            <translation>전문가의 출력에 곱하는 값</translation>
        </message>
        <message>
            <source>Next</source>
            <translation>차선</translation>
        </message>
        <message>
            <source>The best expert that was not chosen, and its probability</source>
            <translation>선택되지 않은 전문가 중 가장 나은 것과 그 확률</translation>
        </message>
        <message>
            <source>Margin</source>
            <translation>마진</translation>
        </message>
        <message>
            <source>Score of the last chosen expert minus that of the next: how close it was</source>
            <translation>마지막으로 선택된 전문가의 점수에서 차선의 점수를 뺀 값: 얼마나 아슬아슬했는지</translation>
        </message>
    </context>
    <context>
        <name>moescope::SelectionBar</name>
        <message>
            <source>Selection</source>
            <translation>선택</translation>
        </message>
        <message>
            <source>Back (Alt+Left)</source>
            <translation>뒤로 (Alt+왼쪽)</translation>
        </message>
        <message>
            <source>Forward (Alt+Right)</source>
            <translation>앞으로 (Alt+오른쪽)</translation>
        </message>
        <message>
            <source>Run</source>
            <translation>실행</translation>
        </message>
        <message>
            <source>Layer</source>
            <translation>층</translation>
        </message>
        <message>
            <source>Expert</source>
            <translation>전문가</translation>
        </message>
        <message>
            <source>Which domains every page speaks of</source>
            <translation>모든 페이지가 다루는 분야</translation>
        </message>
        <message>
            <source>Domain filter</source>
            <translation>분야 필터</translation>
        </message>
        <message>
            <source>Layer %1</source>
            <translation>%1층</translation>
        </message>
        <message>
            <source>All experts</source>
            <translation>모든 전문가</translation>
        </message>
        <message>
            <source>Expert %1</source>
            <translation>전문가 %1</translation>
        </message>
        <message>
            <source>All domains</source>
            <translation>모든 분야</translation>
        </message>
        <message>
            <source>%1 domains</source>
            <translation>분야 %1개</translation>
        </message>
        <message>
            <source>Every page speaks of %1 of %2 tokens</source>
            <translation>모든 페이지가 토큰 %2개 중 %1개를 다룹니다</translation>
        </message>
    </context>
    <context>
        <name>moescope::SpecializationPage</name>
        <message>
            <source>Tokens of the expert</source>
            <translation>전문가의 토큰</translation>
        </message>
        <message>
            <source>Domains and experts</source>
            <translation>분야와 전문가</translation>
        </message>
        <message>
            <source>Domains of an expert</source>
            <translation>전문가의 분야</translation>
        </message>
        <message>
            <source>Tokens of an expert</source>
            <translation>전문가의 토큰</translation>
        </message>
        <message>
            <source>Layer %1: domains and experts</source>
            <translation>%1층: 분야와 전문가</translation>
        </message>
        <message>
            <source>domain lift layer %1</source>
            <translation>%1층 분야 향상도</translation>
        </message>
        <message>
            <source>The texts of this run name no domains. Record a folder whose sub-folders name them.</source>
            <translation>이 실행의 글에는 분야가 없습니다. 하위 폴더가 분야를 나타내는 폴더를 기록하십시오.</translation>
        </message>
        <message>
            <source>Domains that seek L%1/E%2</source>
            <translation>L%1/E%2를 찾는 분야</translation>
        </message>
        <message>
            <source>domains of L%1 E%2</source>
            <translation>L%1 E%2의 분야</translation>
        </message>
        <message>
            <source>Tokens of L%1/E%2</source>
            <translation>L%1/E%2의 토큰</translation>
        </message>
        <message>
            <source>tokens of L%1 E%2</source>
            <translation>L%1 E%2의 토큰</translation>
        </message>
        <message>
            <source>This run holds counts only, so its tokens are not known.</source>
            <translation>이 실행에는 개수만 있어 토큰을 알 수 없습니다.</translation>
        </message>
        <message>
            <source>Most characteristic first; over all tokens it is chosen by %1</source>
            <translation>가장 특징적인 토큰부터. 모든 토큰에서는 %1가 선택합니다</translation>
        </message>
        <message>
            <source>No token chose this expert.</source>
            <translation>이 전문가를 선택한 토큰이 없습니다.</translation>
        </message>
        <message>
            <source>Domains</source>
            <translation>분야</translation>
        </message>
        <message>
            <source>Kinds of tokens</source>
            <translation>토큰의 종류</translation>
        </message>
        <message>
            <source>What the heatmap's rows are</source>
            <translation>히트맵의 행</translation>
        </message>
        <message>
            <source>Kinds of tokens that seek L%1/E%2</source>
            <translation>L%1/E%2를 찾는 토큰의 종류</translation>
        </message>
        <message>
            <source>kinds of tokens of L%1 E%2</source>
            <translation>L%1 E%2의 토큰 종류</translation>
        </message>
        <message>
            <source>Layer %1: kinds of tokens and experts</source>
            <translation>%1층: 토큰의 종류와 전문가</translation>
        </message>
        <message>
            <source>kinds of tokens layer %1</source>
            <translation>%1층 토큰의 종류</translation>
        </message>
        <message>
            <source>This run keeps no text, so the kinds of its tokens are not known.</source>
            <translation>이 실행에는 글이 없어 토큰의 종류를 알 수 없습니다.</translation>
        </message>
        <message>
            <source>The finding counts all experts of the layer.</source>
            <translation>요약 문장은 층의 모든 전문가를 셉니다.</translation>
        </message>
        <message>
            <source>Orange is sought more than on average, blue less; the bracket at the legend is chance</source>
            <translation>주황색은 평균보다 더, 파란색은 덜 찾습니다. 범례의 괄호는 우연의 범위입니다</translation>
        </message>
        <message>
            <source>Orange is sought more than on average, blue less</source>
            <translation>주황색은 평균보다 더, 파란색은 덜 찾습니다</translation>
        </message>
        <message>
            <source>The first %1 of %2</source>
            <translation>%2개 중 처음 %1개</translation>
        </message>
        <message>
            <source>All %1, the most sought first</source>
            <translation>전체 %1개, 가장 많이 찾는 것부터</translation>
        </message>
    </context>
    <context>
        <name>moescope::TokenDetail</name>
        <message>
            <source>Route of the token</source>
            <translation>토큰의 경로</translation>
        </message>
        <message>
            <source>Route</source>
            <translation>경로</translation>
        </message>
        <message>
            <source>What the router weighed</source>
            <translation>라우터가 저울질한 것</translation>
        </message>
        <message>
            <source>Click a token in the text, or walk with the arrow keys, to see its route.</source>
            <translation>본문에서 토큰을 클릭하거나 화살표 키로 이동하면 경로가 보입니다.</translation>
        </message>
        <message>
            <source>No token is selected.</source>
            <translation>선택된 토큰이 없습니다.</translation>
        </message>
        <message>
            <source>Token %1 · id %2 · %3, position %4</source>
            <translation>토큰 %1 · 번호 %2 · %3, 위치 %4</translation>
        </message>
        <message>
            <source> · nll %1 nats (p = %2)</source>
            <translation> · nll %1 nat (확률 %2)</translation>
        </message>
        <message>
            <source> · generated</source>
            <translation> · 생성됨</translation>
        </message>
        <message>
            <source>What the router of layer %1 weighed</source>
            <translation>%1층 라우터가 저울질한 것</translation>
        </message>
        <message>
            <source>This run was recorded without router logits (--logits none), so only the chosen experts are known.</source>
            <translation>이 실행은 라우터 로짓 없이 기록되어(--logits none) 선택된 전문가만 알 수 있습니다.</translation>
        </message>
        <message>
            <source>Document</source>
            <translation>문서</translation>
        </message>
        <message>
            <source>Documents with tokens of the same experts</source>
            <translation>같은 전문가를 쓰는 토큰이 있는 문서</translation>
        </message>
        <message>
            <source>Tokens</source>
            <translation>토큰</translation>
        </message>
        <message>
            <source>Tokens of it that go to the same set of experts</source>
            <translation>같은 전문가 집합으로 가는 그 문서의 토큰</translation>
        </message>
        <message>
            <source>Documents where the same experts are chosen</source>
            <translation>같은 전문가가 선택된 문서</translation>
        </message>
        <message>
            <source>Same experts elsewhere</source>
            <translation>다른 곳의 같은 전문가</translation>
        </message>
        <message>
            <source>Looking through the layer…</source>
            <translation>층을 살펴보는 중…</translation>
        </message>
        <message>
            <source>%1 of layer %2: %3 of %4 tokens (%5)</source>
            <translation>%2층의 %1: 토큰 %4개 중 %3개 (%5)</translation>
        </message>
    </context>
    <context>
        <name>moescope::TokenTextView</name>
        <message>
            <source>Text of the run, coloured token by token</source>
            <translation>토큰마다 색을 입힌 실행의 본문</translation>
        </message>
        <message>
            <source>%1 tokens</source>
            <translation>토큰 %1개</translation>
        </message>
        <message>
            <source>%1 · %2 tokens</source>
            <translation>%1 · 토큰 %2개</translation>
        </message>
    </context>
    <context>
        <name>moescope::TokensPage</name>
        <message>
            <source>Text</source>
            <translation>본문</translation>
        </message>
        <message>
            <source>Neighbours through all layers</source>
            <translation>모든 층에서 본 이웃 토큰</translation>
        </message>
        <message>
            <source>Colour by expert</source>
            <translation>전문가로 색칠</translation>
        </message>
        <message>
            <source>Colour by weight</source>
            <translation>가중치로 색칠</translation>
        </message>
        <message>
            <source>Colour by margin</source>
            <translation>마진으로 색칠</translation>
        </message>
        <message>
            <source>Colour by nll</source>
            <translation>nll로 색칠</translation>
        </message>
        <message>
            <source>Colour by overflow</source>
            <translation>용량 초과로 색칠</translation>
        </message>
        <message>
            <source>What the colours show</source>
            <translation>색이 보여 주는 값</translation>
        </message>
        <message>
            <source>Find in the text</source>
            <translation>본문에서 찾기</translation>
        </message>
        <message>
            <source>This run holds counts only: which tokens it saw is not known.</source>
            <translation>이 실행에는 개수만 있어 어떤 토큰을 보았는지 알 수 없습니다.</translation>
        </message>
        <message>
            <source>Reading the text…</source>
            <translation>본문을 읽는 중…</translation>
        </message>
        <message>
            <source>Tokens of L%1/E%2</source>
            <translation>L%1/E%2의 토큰</translation>
        </message>
        <message>
            <source>Layer %1</source>
            <translation>%1층</translation>
        </message>
        <message>
            <source>Expert %1 of layer %2 is chosen by %3 of %4 tokens (%5).</source>
            <translation>%2층 전문가 %1은 토큰 %4개 중 %3개(%5)가 선택합니다.</translation>
        </message>
        <message>
            <source>Its tokens are coloured, paler where it is not their strongest expert. N and Shift+N step through them; click its chip to see all experts.</source>
            <translation>그 토큰에 색이 있으며, 가장 강한 전문가가 아니면 옅습니다. N과 Shift+N으로 차례로 이동하고, 전문가 표시를 다시 클릭하면 모두 보입니다.</translation>
        </message>
        <message>
            <source>What layer %1 does with each of %2 tokens: equal colours went to the same expert.</source>
            <translation>%1층이 토큰 %2개를 각각 어디로 보냈는지: 같은 색은 같은 전문가로 갔습니다.</translation>
        </message>
        <message>
            <source>Click a token, or walk with the arrow keys, to see its route through all layers; click an expert to see its tokens only.</source>
            <translation>토큰을 클릭하거나 화살표 키로 이동하면 모든 층의 경로가 보입니다. 전문가를 클릭하면 그 토큰만 보입니다.</translation>
        </message>
        <message>
            <source>“%1” does not occur in this run.</source>
            <translation>“%1”은 이 실행에 나오지 않습니다.</translation>
        </message>
        <message>
            <source>token %1, id %2</source>
            <translation>토큰 %1, 번호 %2</translation>
        </message>
        <message>
            <source>&lt;br&gt;expert %1, weight %2</source>
            <translation>&lt;br&gt;전문가 %1, 가중치 %2</translation>
        </message>
        <message>
            <source>&lt;br&gt;margin %1</source>
            <translation>&lt;br&gt;마진 %1</translation>
        </message>
        <message>
            <source>&lt;br&gt;nll %1 nats</source>
            <translation>&lt;br&gt;nll %1 nat 단위</translation>
        </message>
        <message>
            <source>Text, /pattern/, #id or E7</source>
            <translation>텍스트, /정규식/, #번호, E7</translation>
        </message>
        <message>
            <source>This run holds counts only, so there is no text to show.</source>
            <translation>이 실행에는 횟수만 있어 보일 텍스트가 없습니다.</translation>
        </message>
        <message>
            <source>Record the model, or import a trace with its routes. Overview, load and specialization show what counts can tell.</source>
            <translation>모델을 기록하거나 경로가 있는 추적을 가져오십시오. 횟수로 알 수 있는 것은 개요, 부하, 전문화 페이지에 있습니다.</translation>
        </message>
        <message>
            <source>Coloured is what the filter takes; a token's route is shown whole.</source>
            <translation>필터에 드는 것만 색칠합니다. 토큰의 경로는 전부 보여 줍니다.</translation>
        </message>
    </context>
    <context>
        <name>moescope::WelcomePage</name>
        <message>
            <source>Recent recordings</source>
            <translation>최근 기록</translation>
        </message>
        <message>
            <source>See what the routers of a mixture-of-experts model do</source>
            <translation>전문가 혼합 모델의 라우터가 하는 일을 보십시오</translation>
        </message>
        <message>
            <source>Open a recording, drop one here, or record a model over texts. Without the window, `moescope record` does the same.</source>
            <translation>기록을 열거나 여기에 끌어다 놓거나, 글에 모델을 돌려 기록하십시오. 창 없이는 `moescope record`가 같은 일을 합니다.</translation>
        </message>
        <message>
            <source>Open recording…</source>
            <translation>기록 열기…</translation>
        </message>
        <message>
            <source>Record a model…</source>
            <translation>모델 기록…</translation>
        </message>
    </context>
    <context>
        <name>moescope::ComparePage</name>
        <message>
            <source>Load ratio</source>
            <translation>부하 비</translation>
        </message>
        <message>
            <source>Share</source>
            <translation>비율</translation>
        </message>
        <message>
            <source>First choices</source>
            <translation>첫 번째 선택</translation>
        </message>
        <message>
            <source>Mean probability</source>
            <translation>평균 확률</translation>
        </message>
        <message>
            <source>What the heatmaps show</source>
            <translation>히트맵들이 보여 주는 값</translation>
        </message>
        <message>
            <source>Difference map</source>
            <translation>차이 지도</translation>
        </message>
        <message>
            <source>Dropped by capacity factor</source>
            <translation>용량 계수에 따라 버려짐</translation>
        </message>
        <message>
            <source>What is drawn below the heatmaps</source>
            <translation>히트맵 아래에 그리는 것</translation>
        </message>
        <message>
            <source>Which run's difference from run A is drawn</source>
            <translation>실행 A와의 차이를 그릴 실행</translation>
        </message>
        <message>
            <source>Difference</source>
            <translation>차이</translation>
        </message>
        <message>
            <source>Metrics of the runs</source>
            <translation>실행들의 지표</translation>
        </message>
        <message>
            <source>Metrics</source>
            <translation>지표</translation>
        </message>
        <message>
            <source>metrics of runs</source>
            <translation>실행 지표</translation>
        </message>
        <message>
            <source>%1 minus A</source>
            <translation>%1에서 A를 뺌</translation>
        </message>
        <message>
            <source>load of %1</source>
            <translation>%1의 부하</translation>
        </message>
        <message>
            <source>Load of %1 minus %2</source>
            <translation>%1의 부하에서 %2를 뺀 값</translation>
        </message>
        <message>
            <source>load difference %1 %2</source>
            <translation>부하 차이 %1 %2</translation>
        </message>
        <message>
            <source>Orange: more load than in A, blue: less; the bracket is what chance alone shows</source>
            <translation>주황: A보다 부하가 많음, 파랑: 적음. 괄호는 우연만으로 나타나는 범위입니다</translation>
        </message>
        <message>
            <source>These models have other layers or experts, so their loads cannot be subtracted. The metrics beside still compare.</source>
            <translation>두 모델의 층이나 전문가가 서로 달라 부하를 뺄 수 없습니다. 옆의 지표는 그래도 비교할 수 있습니다.</translation>
        </message>
        <message>
            <source>dropped by capacity factor</source>
            <translation>용량 계수에 따라 버려짐</translation>
        </message>
        <message>
            <source>Mean over layers, groups of 1,024 tokens; the dotted line is factor 1.25</source>
            <translation>층 평균, 1,024토큰 그룹. 점선은 계수 1.25입니다</translation>
        </message>
        <message>
            <source>Changed routes by layer</source>
            <translation>층별 바뀐 경로</translation>
        </message>
        <message>
            <source>Overlap of routes by layer</source>
            <translation>층별 경로의 겹침</translation>
        </message>
        <message>
            <source>Separability by layer</source>
            <translation>층별 분야 분리도</translation>
        </message>
        <message>
            <source>Loss over steps</source>
            <translation>단계별 손실</translation>
        </message>
        <message>
            <source>MaxVio over steps</source>
            <translation>단계별 MaxVio</translation>
        </message>
        <message>
            <source>Working it out…</source>
            <translation>계산하는 중…</translation>
        </message>
        <message>
            <source>These runs do not hold the same tokens with their routes, so they do not compare token by token.</source>
            <translation>이 실행들에는 같은 토큰과 경로가 없어 토큰별로 비교할 수 없습니다.</translation>
        </message>
        <message>
            <source>Working out the intervals…</source>
            <translation>구간을 계산하는 중…</translation>
        </message>
        <message>
            <source>Intervals and marks are made for whole runs; clear the filter to see them.</source>
            <translation>구간과 표시는 실행 전체에 대해 만듭니다. 필터를 지우면 보입니다.</translation>
        </message>
        <message>
            <source>While the runs' models were trained</source>
            <translation>실행의 모델을 학습하는 동안</translation>
        </message>
        <message>
            <source>Brackets: 95 % intervals, bootstrapped over windows of text within each domain; * differs from A beyond chance</source>
            <translation>괄호: 분야별 글 창의 부트스트랩 95 % 구간. *: 우연을 넘어 A와 다름</translation>
        </message>
        <message>
            <source>; † has a note: point at it</source>
            <translation>. †: 설명이 있으니 가리켜 보십시오</translation>
        </message>
        <message>
            <source>The metrics count all experts; the heatmaps show the filter's.</source>
            <translation>지표는 모든 전문가를 세고, 히트맵은 필터의 전문가만 보여 줍니다.</translation>
        </message>
    </context>
    <context>
        <name>CompareViews</name>
        <message>
            <source>layer</source>
            <translation>층</translation>
        </message>
        <message>
            <source>expert</source>
            <translation>전문가</translation>
        </message>
        <message>
            <source>difference</source>
            <translation>차이</translation>
        </message>
        <message>
            <source>load ratio of %1 minus that of %2; 0 is no difference</source>
            <translation>%1의 부하 비에서 %2의 것을 뺀 값. 0은 차이 없음</translation>
        </message>
        <message>
            <source>capacity factor</source>
            <translation>용량 계수</translation>
        </message>
        <message>
            <source>dropped</source>
            <translation>버려짐</translation>
        </message>
    </context>
    <context>
        <name>CompareWords</name>
        <message>
            <source>%1 gives a token %2 experts, %3 gives it %4: entropy, Gini and shares compare; MaxVio, CV and dead experts do not.</source>
            <translation>%1은(는) 토큰마다 전문가 %2개, %3은(는) %4개를 씁니다. 엔트로피, 지니, 비율은 비교할 수 있지만 MaxVio, CV, 죽은 전문가는 비교할 수 없습니다.</translation>
        </message>
        <message>
            <source>%1 has %2 layers of %3 experts, %4 has %5 of %6: entropy, Gini and shares compare; MaxVio, CV, dead experts and single experts do not.</source>
            <translation>%1에는 전문가 %3개인 층이 %2개, %4에는 %6개인 층이 %5개 있습니다. 엔트로피, 지니, 비율은 비교할 수 있지만 MaxVio, CV, 죽은 전문가와 개별 전문가는 비교할 수 없습니다.</translation>
        </message>
        <message>
            <source>%1 is nearest to even: entropy %2 of the most there can be, against %3 of %4.</source>
            <translation>%1이(가) 가장 고릅니다. 엔트로피는 최댓값의 %2, %4은(는) %3입니다.</translation>
        </message>
        <message>
            <source>%1: assigned over other groups than those of 1,024 tokens in which overflow is counted; loads need not be even there.</source>
            <translation>%1: 넘침을 세는 토큰 1,024개 묶음과 다른 단위로 배정했으므로, 그 묶음 안에서는 부하가 고르지 않을 수 있습니다.</translation>
        </message>
        <message>
            <source>%1 has %2 layers of %3 experts, %4 has %5 of %6: ratios and metrics compare, single experts do not.</source>
            <translation>%1은 전문가 %3개인 층이 %2개, %4는 전문가 %6개인 층이 %5개입니다. 비와 지표는 비교되지만 개별 전문가는 비교되지 않습니다.</translation>
        </message>
        <message>
            <source>MaxVio is how far the busiest expert lies above its fair share, mean over layers. All heatmaps share one scale.</source>
            <translation>MaxVio는 가장 바쁜 전문가가 공평한 몫을 넘는 정도의 층 평균입니다. 모든 히트맵은 한 눈금을 씁니다.</translation>
        </message>
        <message>
            <source>There is no second run to compare with. `moescope replay` adds one under another strategy, `moescope record --db` another recording, `moescope merge` joins files.</source>
            <translation>비교할 다른 실행이 없습니다. `moescope replay`는 다른 전략의 실행을, `moescope record --db`는 다른 기록을 더하고, `moescope merge`는 파일을 합칩니다.</translation>
        </message>
        <message>
            <source>This file holds one run only.</source>
            <translation>이 파일에는 실행이 하나뿐입니다.</translation>
        </message>
        <message>
            <source>All runs are balanced alike: MaxVio %1.</source>
            <translation>모든 실행의 균형이 같습니다. MaxVio %1.</translation>
        </message>
        <message>
            <source>%1 balances best: MaxVio %2, against %3 of %4.</source>
            <translation>%1의 균형이 가장 좋습니다. MaxVio %2, %4는 %3.</translation>
        </message>
    </context>
    <context>
        <name>moescope::ComparedMetricModel</name>
        <message>
            <source>Loss per token</source>
            <translation>토큰당 손실</translation>
        </message>
        <message>
            <source>Mean negative log-likelihood of a token, in nats; lower is better</source>
            <translation>토큰의 평균 음의 로그 가능도(nat). 낮을수록 좋음</translation>
        </message>
        <message>
            <source>MaxVio</source>
            <translation>최대 초과(MaxVio)</translation>
        </message>
        <message>
            <source>(largest load − mean load) / mean load, mean over layers; 0 is even</source>
            <translation>(최대 부하 − 평균 부하) / 평균 부하의 층 평균. 0이면 고름</translation>
        </message>
        <message>
            <source>CV of load</source>
            <translation>부하의 CV</translation>
        </message>
        <message>
            <source>Standard deviation over mean of the experts' loads, mean over layers</source>
            <translation>전문가 부하의 표준편차를 평균으로 나눈 값의 층 평균</translation>
        </message>
        <message>
            <source>Entropy</source>
            <translation>엔트로피</translation>
        </message>
        <message>
            <source>Entropy of the load over ln E, mean over layers; 1 is even</source>
            <translation>부하의 엔트로피를 ln E로 나눈 값의 층 평균. 1이면 고름</translation>
        </message>
        <message>
            <source>Gini</source>
            <translation>지니 계수</translation>
        </message>
        <message>
            <source>Gini coefficient of the load, mean over layers; 0 is even</source>
            <translation>부하의 지니 계수의 층 평균. 0이면 고름</translation>
        </message>
        <message>
            <source>Distance from even</source>
            <translation>고른 상태와의 거리</translation>
        </message>
        <message>
            <source>ln E minus the entropy of the load in nats, mean over layers; 0 is even</source>
            <translation>ln E에서 부하의 엔트로피(nat)를 뺀 값의 층 평균. 0이면 고름</translation>
        </message>
        <message>
            <source>Dead experts</source>
            <translation>쓰이지 않는 전문가</translation>
        </message>
        <message>
            <source>Experts without a single assignment, over all layers</source>
            <translation>할당이 하나도 없는 전문가, 모든 층 합계</translation>
        </message>
        <message>
            <source>Dropped at 1.25</source>
            <translation>1.25에서 버려짐</translation>
        </message>
        <message>
            <source>Share of choices that do not fit at capacity factor 1.25</source>
            <translation>용량 계수 1.25에서 자리가 없는 선택의 비율</translation>
        </message>
        <message>
            <source>Separability</source>
            <translation>분야 분리도</translation>
        </message>
        <message>
            <source>Mean divergence of the domains' use of experts in bits: 0 all alike, 1 none shared</source>
            <translation>분야별 전문가 사용의 평균 차이(비트). 0은 모두 같음, 1은 겹치지 않음</translation>
        </message>
        <message>
            <source>Margin</source>
            <translation>마진</translation>
        </message>
        <message>
            <source>Score of rank k minus rank k+1: how close tokens are to another route</source>
            <translation>k위와 k+1위 점수의 차이. 토큰이 다른 경로에 얼마나 가까운지</translation>
        </message>
        <message>
            <source>z-loss</source>
            <translation>z 손실</translation>
        </message>
        <message>
            <source>Mean squared logarithm of the router's normaliser</source>
            <translation>라우터 정규화 항의 로그 제곱 평균</translation>
        </message>
        <message>
            <source>Expert set changed</source>
            <translation>전문가 집합이 바뀜</translation>
        </message>
        <message>
            <source>Share of tokens that have another set of experts than in run A</source>
            <translation>실행 A와 전문가 집합이 다른 토큰의 비율</translation>
        </message>
        <message>
            <source>Overlap of routes</source>
            <translation>경로의 겹침</translation>
        </message>
        <message>
            <source>Experts shared with run A over experts used by either, mean over tokens</source>
            <translation>실행 A와 함께 쓰는 전문가를 둘 중 하나라도 쓰는 전문가로 나눈 값의 토큰 평균</translation>
        </message>
        <message>
            <source>Metric</source>
            <translation>지표</translation>
        </message>
        <message>
            <source>Point at a metric for its definition</source>
            <translation>지표를 가리키면 정의가 나옵니다</translation>
        </message>
        <message>
            <source>Run A, which the others are held against</source>
            <translation>다른 실행들과 견주는 실행 A</translation>
        </message>
        <message>
            <source>* differs from run A beyond chance, corrected for the number of tests (Benjamini-Hochberg, 5 %)</source>
            <translation>* 검정 횟수를 보정해도 우연을 넘어 실행 A와 다름 (Benjamini-Hochberg, 5 %)</translation>
        </message>
        <message>
            <source>95 % interval: %1 to %2</source>
            <translation>95 % 구간: %1 ~ %2</translation>
        </message>
        <message>
            <source>p against run A: %1</source>
            <translation>실행 A에 대한 p값: %1</translation>
        </message>
        <message>
            <source>metric</source>
            <translation>지표</translation>
        </message>
        <message>
            <source>run</source>
            <translation>실행</translation>
        </message>
        <message>
            <source>value</source>
            <translation>값</translation>
        </message>
        <message>
            <source>low</source>
            <translation>하한</translation>
        </message>
        <message>
            <source>high</source>
            <translation>상한</translation>
        </message>
        <message>
            <source>differs</source>
            <translation>다름</translation>
        </message>
        <message>
            <source>Kept experts</source>
            <translation>유지된 전문가</translation>
        </message>
        <message>
            <source>Of a token's experts in run A, the share that it still has, mean over tokens</source>
            <translation>실행 A에서 토큰이 가진 전문가 중 그대로인 비율의 토큰 평균</translation>
        </message>
        <message>
            <source>Perplexity</source>
            <translation>혼란도(perplexity)</translation>
        </message>
        <message>
            <source>e to the mean negative log-likelihood of a token; lower is better</source>
            <translation>토큰의 평균 음의 로그 가능도를 지수로 올린 값. 낮을수록 좋음</translation>
        </message>
    </context>
    <context>
        <name>moescope::DossierPage</name>
        <message>
            <source>Tokens in context</source>
            <translation>문맥 속의 토큰</translation>
        </message>
        <message>
            <source>Facts about the expert</source>
            <translation>전문가 정보</translation>
        </message>
        <message>
            <source>Copy as Markdown</source>
            <translation>마크다운으로 복사</translation>
        </message>
        <message>
            <source>To hand to a language model, or to notes: as `moescope dossier` writes it</source>
            <translation>언어 모델이나 메모에 넘길 때: `moescope dossier`가 쓰는 그대로</translation>
        </message>
        <message>
            <source>Save Markdown…</source>
            <translation>마크다운 저장…</translation>
        </message>
        <message>
            <source>In context</source>
            <translation>문맥 속에서</translation>
        </message>
        <message>
            <source>Domain, token and weight above each passage; click one to read on in the text</source>
            <translation>각 대목 위에 분야, 토큰, 가중치. 누르면 본문에서 이어 읽습니다</translation>
        </message>
        <message>
            <source>What it is for</source>
            <translation>무엇을 맡는가</translation>
        </message>
        <message>
            <source>This run holds counts only, so the tokens of an expert are not known.</source>
            <translation>이 실행에는 횟수만 있어 전문가의 토큰을 알 수 없습니다.</translation>
        </message>
        <message>
            <source>Record the model, or import a trace with its routes.</source>
            <translation>모델을 기록하거나 경로가 담긴 추적을 가져오십시오.</translation>
        </message>
        <message>
            <source>L%1/E%2 in context</source>
            <translation>문맥 속의 L%1/E%2</translation>
        </message>
        <message>
            <source>Save Markdown</source>
            <translation>마크다운 저장</translation>
        </message>
        <message>
            <source>Markdown (*.md)</source>
            <translation>마크다운 (*.md)</translation>
        </message>
    </context>
    <context>
        <name>DossierText</name>
        <message>
            <source>Domains</source>
            <translation>분야</translation>
        </message>
        <message>
            <source>domain</source>
            <translation>분야</translation>
        </message>
        <message>
            <source>lift</source>
            <translation>향상도</translation>
        </message>
        <message>
            <source>of its choices</source>
            <translation>선택 중 비율</translation>
        </message>
        <message>
            <source>white space</source>
            <translation>공백</translation>
        </message>
        <message>
            <source>word start</source>
            <translation>단어의 시작</translation>
        </message>
        <message>
            <source>word part</source>
            <translation>단어의 일부</translation>
        </message>
        <message>
            <source>capitalised</source>
            <translation>대문자로 시작</translation>
        </message>
        <message>
            <source>identifier</source>
            <translation>식별자</translation>
        </message>
        <message>
            <source>digits</source>
            <translation>숫자</translation>
        </message>
        <message>
            <source>punctuation</source>
            <translation>문장 부호</translation>
        </message>
        <message>
            <source>other script</source>
            <translation>다른 문자</translation>
        </message>
        <message>
            <source>part of a character</source>
            <translation>글자의 일부</translation>
        </message>
        <message>
            <source>mixed</source>
            <translation>섞임</translation>
        </message>
        <message>
            <source>No token chose this expert.</source>
            <translation>이 전문가를 선택한 토큰이 없습니다.</translation>
        </message>
        <message>
            <source>This run keeps no text; record without --no-text to read its tokens in context.</source>
            <translation>이 실행에는 글이 없습니다. --no-text 없이 기록하면 문맥에서 토큰을 읽을 수 있습니다.</translation>
        </message>
        <message>
            <source>Where its weight is largest</source>
            <translation>가중치가 가장 큰 곳</translation>
        </message>
        <message>
            <source>Evenly along its tokens</source>
            <translation>토큰을 따라 고르게</translation>
        </message>
        <message>
            <source>Load</source>
            <translation>부하</translation>
        </message>
        <message>
            <source>%1 of %2 tokens, %3 as first choice; load ratio &lt;b&gt;%4&lt;/b&gt; (chance: %5 to %6), place %7 of %8; mean weight %9</source>
            <translation>토큰 %2개 중 %1개, 그중 첫 번째 선택 %3개. 부하 비 &lt;b&gt;%4&lt;/b&gt; (우연: %5 ~ %6), %8개 중 %7위. 평균 가중치 %9</translation>
        </message>
        <message>
            <source>Characteristic tokens</source>
            <translation>특징적인 토큰</translation>
        </message>
        <message>
            <source>token</source>
            <translation>토큰</translation>
        </message>
        <message>
            <source>here</source>
            <translation>여기</translation>
        </message>
        <message>
            <source>of its occurrences</source>
            <translation>나온 횟수 중</translation>
        </message>
        <message>
            <source>Kinds of tokens</source>
            <translation>토큰의 종류</translation>
        </message>
        <message>
            <source>kind</source>
            <translation>종류</translation>
        </message>
        <message>
            <source>share</source>
            <translation>비율</translation>
        </message>
        <message>
            <source>Company: experts its tokens have too</source>
            <translation>동료: 같은 토큰을 맡는 전문가</translation>
        </message>
        <message>
            <source>expert</source>
            <translation>전문가</translation>
        </message>
        <message>
            <source>of its tokens</source>
            <translation>토큰 중 비율</translation>
        </message>
        <message>
            <source>over loads alone</source>
            <translation>부하만일 때 대비</translation>
        </message>
        <message>
            <source>Expert %1 is dead: no token of this part of the run chose it.</source>
            <translation>전문가 %1은 쓰이지 않습니다. 실행의 이 부분에서 고른 토큰이 없습니다.</translation>
        </message>
        <message>
            <source>Expert %1 takes %2 its fair share.</source>
            <translation>전문가 %1은 공평한 몫의 %2를 맡습니다.</translation>
        </message>
        <message>
            <source>Expert %1 reads above all %2.</source>
            <translation>전문가 %1은 무엇보다 %2을(를) 읽습니다.</translation>
        </message>
        <message>
            <source>Most over its due: %1 (%2).</source>
            <translation>몫을 가장 넘는 종류: %1 (%2).</translation>
        </message>
        <message>
            <source>%1 seeks it most, %2 its overall rate.</source>
            <translation>%1 분야가 가장 많이 찾으며 전체 비율의 %2입니다.</translation>
        </message>
    </context>
    <context>
        <name>moescope::FlowPage</name>
        <message>
            <source>none</source>
            <translation>없음</translation>
        </message>
        <message>
            <source>The token whose way through the layers is drawn; pages share it</source>
            <translation>층을 지나는 길을 그릴 토큰. 페이지들이 함께 씁니다</translation>
        </message>
        <message>
            <source>From layer</source>
            <translation>시작 층</translation>
        </message>
        <message>
            <source>to layer</source>
            <translation>끝 층</translation>
        </message>
        <message>
            <source>Way of token</source>
            <translation>토큰의 길</translation>
        </message>
        <message>
            <source>Experts that act together</source>
            <translation>함께 일하는 전문가</translation>
        </message>
        <message>
            <source>Of the tokens with the row's expert, the share that has the column's too; the bracket is chance</source>
            <translation>행의 전문가를 가진 토큰 중 열의 전문가도 가진 비율. 괄호는 우연입니다</translation>
        </message>
        <message>
            <source>From layer to layer</source>
            <translation>층에서 층으로</translation>
        </message>
        <message>
            <source>flow between layers</source>
            <translation>층 사이의 흐름</translation>
        </message>
        <message>
            <source>This run holds counts only, so which experts serve the same token is not known.</source>
            <translation>이 실행에는 횟수만 있어 어느 전문가들이 같은 토큰을 맡는지 알 수 없습니다.</translation>
        </message>
        <message>
            <source>Record the model, or import a trace with its routes.</source>
            <translation>모델을 기록하거나 경로가 담긴 추적을 가져오십시오.</translation>
        </message>
        <message>
            <source>This run has one MoE layer, so nothing flows on from it.</source>
            <translation>이 실행에는 MoE 층이 하나뿐이라 이어지는 흐름이 없습니다.</translation>
        </message>
        <message>
            <source>Layer %1: experts that act together</source>
            <translation>%1층: 함께 일하는 전문가</translation>
        </message>
        <message>
            <source>coactivation of layer %1</source>
            <translation>%1층 동시 활성</translation>
        </message>
        <message>
            <source>This layer chooses one expert a token, so no two act together.</source>
            <translation>이 층은 토큰마다 전문가를 하나만 골라 함께 일하는 쌍이 없습니다.</translation>
        </message>
        <message>
            <source>The first %1 of the chosen layers; colour: more than loads alone explain</source>
            <translation>고른 층 중 처음 %1개. 색은 부하만으로 설명되는 것보다 많은 흐름입니다</translation>
        </message>
        <message>
            <source>Width is how many choices; colour: more than loads alone explain. Click an expert to follow it</source>
            <translation>너비는 선택 수, 색은 부하만으로 설명되는 것보다 많은 흐름입니다. 전문가를 누르면 따라갑니다</translation>
        </message>
        <message>
            <source>From layer to layer, with the way of token %1 %2</source>
            <translation>층에서 층으로, 토큰 %1 %2의 길과 함께</translation>
        </message>
        <message>
            <source>Drawn are partners and flows of the filter's experts; the finding, the boxes and a token's way count all.</source>
            <translation>필터의 전문가가 맺는 짝과 흐름만 그립니다. 요약 문장, 상자, 토큰의 길은 모든 전문가를 셉니다.</translation>
        </message>
        <message>
            <source>Each layer's %1 busiest experts stand alone.</source>
            <translation>층마다 가장 바쁜 전문가 %1개는 따로 그립니다.</translation>
        </message>
    </context>
    <context>
        <name>FlowViews</name>
        <message>
            <source>others</source>
            <translation>나머지</translation>
        </message>
        <message>
            <source>&lt;b&gt;layer %1 · %2&lt;/b&gt;&lt;br&gt;%3 choices, %4 of the tokens</source>
            <translation>&lt;b&gt;%1층 · %2&lt;/b&gt;&lt;br&gt;선택 %3개, 토큰의 %4</translation>
        </message>
        <message>
            <source>&lt;b&gt;%1 of layer %2 → %3 of layer %4&lt;/b&gt;&lt;br&gt;%5 pairs of choices, &lt;b&gt;%6&lt;/b&gt; what their loads alone would give&lt;br&gt;%7 of the tokens of %1</source>
            <translation>&lt;b&gt;%2층의 %1 → %4층의 %3&lt;/b&gt;&lt;br&gt;선택 쌍 %5개, 부하만일 때의 &lt;b&gt;%6&lt;/b&gt;&lt;br&gt;%1 토큰의 %7</translation>
        </message>
        <message>
            <source>expert a</source>
            <translation>전문가 a</translation>
        </message>
        <message>
            <source>expert b</source>
            <translation>전문가 b</translation>
        </message>
        <message>
            <source>P(b | a)</source>
            <translation>조건부 확률 P(b | a)</translation>
        </message>
        <message>
            <source>tokens with both</source>
            <translation>둘 다 가진 토큰</translation>
        </message>
        <message>
            <source>of the tokens that have a, the share that has b too</source>
            <translation>a를 가진 토큰 중 b도 가진 비율</translation>
        </message>
        <message>
            <source>layer %1</source>
            <translation>%1층</translation>
        </message>
        <message>
            <source>In layer %1, %2 of the tokens of expert %3 go to expert %4 too; chance would give %5.</source>
            <translation>%1층에서 전문가 %3의 토큰 중 %2가 전문가 %4에게도 갑니다. 우연이라면 %5입니다.</translation>
        </message>
        <message>
            <source>In layer %1 no two experts serve the same tokens more than chance explains.</source>
            <translation>%1층에는 우연을 넘어 같은 토큰을 맡는 전문가 쌍이 없습니다.</translation>
        </message>
        <message>
            <source>Layer %1 chooses one expert a token, so no two act together.</source>
            <translation>%1층은 토큰마다 전문가를 하나만 골라 함께 일하는 쌍이 없습니다.</translation>
        </message>
        <message>
            <source>From expert %1 most surely on to expert %2 of layer %3: %4 of its choices there. Grey flows are what loads alone explain.</source>
            <translation>전문가 %1에서 %3층의 전문가 %2로 가장 확실히 이어집니다(그 층 선택의 %4). 회색 흐름은 부하만으로 설명됩니다.</translation>
        </message>
        <message>
            <source>Grey flows are what loads alone explain.</source>
            <translation>회색 흐름은 부하만으로 설명됩니다.</translation>
        </message>
    </context>
    <context>
        <name>moescope::RunChooser</name>
        <message>
            <source>Run %1</source>
            <translation>실행 %1</translation>
        </message>
        <message>
            <source>The run the others are held against</source>
            <translation>다른 실행들과 견주는 실행</translation>
        </message>
        <message>
            <source>A run to hold against run A</source>
            <translation>실행 A와 견줄 실행</translation>
        </message>
        <message>
            <source>none</source>
            <translation>없음</translation>
        </message>
    </context>
    <context>
        <name>SankeyData</name>
        <message>
            <source>others</source>
            <translation>나머지</translation>
        </message>
    </context>
    <context>
        <name>moescope::SankeyWidget</name>
        <message>
            <source>Flow between layers</source>
            <translation>층 사이의 흐름</translation>
        </message>
        <message>
            <source>others</source>
            <translation>나머지</translation>
        </message>
    </context>
    <context>
        <name>moescope::SqlPage</name>
        <message>
            <source>Ask the recording in SQL.</source>
            <translation>기록에 SQL로 물어보십시오.</translation>
        </message>
        <message>
            <source>Read only. The views routing, logits and tokens hold a row for each choice, logit and token; constraints on run, layer and token keep them fast.</source>
            <translation>읽기 전용입니다. routing, logits, tokens 뷰에는 선택, 로짓, 토큰마다 한 행이 있습니다. run, layer, token에 조건을 두면 빠릅니다.</translation>
        </message>
        <message>
            <source>Rows of the query</source>
            <translation>질의의 행</translation>
        </message>
        <message>
            <source>Rows</source>
            <translation>행</translation>
        </message>
        <message>
            <source>query result</source>
            <translation>질의 결과</translation>
        </message>
        <message>
            <source>Choose an example or write a SELECT, then press Ctrl+Enter.</source>
            <translation>예제를 고르거나 SELECT를 쓰고 Ctrl+Enter를 누르십시오.</translation>
        </message>
        <message>
            <source>Stopped.</source>
            <translation>멈췄습니다.</translation>
        </message>
        <message>
            <source>Query</source>
            <translation>질의</translation>
        </message>
        <message>
            <source>Examples</source>
            <translation>예제</translation>
        </message>
        <message>
            <source>Run</source>
            <translation>실행</translation>
        </message>
        <message>
            <source>Runs the query (Ctrl+Enter)</source>
            <translation>질의를 실행합니다 (Ctrl+Enter)</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>멈춤</translation>
        </message>
        <message>
            <source>query</source>
            <translation>질의</translation>
        </message>
        <message>
            <source>Tokens an expert reads most</source>
            <translation>전문가가 가장 많이 읽는 토큰</translation>
        </message>
        <message>
            <source>Experts by domain</source>
            <translation>분야별 전문가</translation>
        </message>
        <message>
            <source>The hardest tokens and where they went</source>
            <translation>가장 어려운 토큰과 그 전문가</translation>
        </message>
        <message>
            <source>The least certain choices</source>
            <translation>확신이 가장 낮은 선택</translation>
        </message>
        <message>
            <source>Loss by domain</source>
            <translation>분야별 손실</translation>
        </message>
        <message>
            <source>Steps of trainings</source>
            <translation>학습 단계</translation>
        </message>
        <message>
            <source>Runs of this file</source>
            <translation>이 파일의 실행</translation>
        </message>
        <message>
            <source>Tables and views</source>
            <translation>표와 뷰</translation>
        </message>
        <message>
            <source>Running…</source>
            <translation>실행 중…</translation>
        </message>
        <message>
            <source>The first %1 rows; `moescope sql` writes them all.</source>
            <translation>처음 %1행입니다. `moescope sql`은 모두 씁니다.</translation>
        </message>
        <message>
            <source>%1 rows</source>
            <translation>%1행</translation>
        </message>
        <message>
            <source>in %1 s</source>
            <translation>%1초 걸림</translation>
        </message>
        <message>
            <source>The query gave no rows.</source>
            <translation>질의 결과에 행이 없습니다.</translation>
        </message>
        <message>
            <source>The filter does not apply here: a query says itself what it reads.</source>
            <translation>여기에는 필터가 적용되지 않습니다. 무엇을 읽을지는 질의가 정합니다.</translation>
        </message>
        <message>
            <source>This run holds counts only: the views routing, logits and tokens have no rows for it, the tables run, layer and document do.</source>
            <translation>이 실행에는 개수만 있습니다. routing, logits, tokens 뷰에는 행이 없고 run, layer, document 테이블에는 있습니다.</translation>
        </message>
    </context>
    <context>
        <name>moescope::TrainingPage</name>
        <message>
            <source>Trainings</source>
            <translation>학습</translation>
        </message>
        <message>
            <source>Where they ended</source>
            <translation>끝난 상태</translation>
        </message>
        <message>
            <source>strategies</source>
            <translation>전략</translation>
        </message>
        <message>
            <source>MaxVio</source>
            <translation>최대 초과(MaxVio)</translation>
        </message>
        <message>
            <source>CV</source>
            <translation>변동 계수(CV)</translation>
        </message>
        <message>
            <source>Dead experts</source>
            <translation>쓰이지 않는 전문가</translation>
        </message>
        <message>
            <source>Which figure of balance is drawn</source>
            <translation>그릴 균형 지표</translation>
        </message>
        <message>
            <source>Balance over steps</source>
            <translation>단계별 균형</translation>
        </message>
        <message>
            <source>Mean over layers, lower is more even</source>
            <translation>층 평균, 낮을수록 고름</translation>
        </message>
        <message>
            <source>balance over steps</source>
            <translation>단계별 균형</translation>
        </message>
        <message>
            <source>Loss over steps</source>
            <translation>단계별 손실</translation>
        </message>
        <message>
            <source>The language model's own loss, without what the strategy adds</source>
            <translation>전략이 더하는 것을 뺀 언어 모델 자체의 손실</translation>
        </message>
        <message>
            <source>loss over steps</source>
            <translation>단계별 손실</translation>
        </message>
        <message>
            <source>Load of a layer</source>
            <translation>한 층의 부하</translation>
        </message>
        <message>
            <source>MaxVio by layer</source>
            <translation>층별 MaxVio</translation>
        </message>
        <message>
            <source>CV by layer</source>
            <translation>층별 CV</translation>
        </message>
        <message>
            <source>Dead by layer</source>
            <translation>층별 미사용</translation>
        </message>
        <message>
            <source>Saturation</source>
            <translation>포화도</translation>
        </message>
        <message>
            <source>Specialisation</source>
            <translation>특화</translation>
        </message>
        <message>
            <source>What is drawn of one training</source>
            <translation>한 학습에서 그리는 것</translation>
        </message>
        <message>
            <source>One training</source>
            <translation>한 학습</translation>
        </message>
        <message>
            <source>The steps of this training hold no loads.</source>
            <translation>이 학습의 단계에는 부하가 없습니다.</translation>
        </message>
        <message>
            <source>%1: layer %2 over steps</source>
            <translation>%1: 단계별 %2층</translation>
        </message>
        <message>
            <source>%1: every layer over steps</source>
            <translation>%1: 단계별 모든 층</translation>
        </message>
        <message>
            <source>A row for each expert; orange is more than its fair share, blue less</source>
            <translation>전문가마다 한 행. 주황은 공평한 몫보다 많고 파랑은 적습니다</translation>
        </message>
        <message>
            <source>A row for each layer; dark is more even</source>
            <translation>층마다 한 행. 어두울수록 고릅니다</translation>
        </message>
        <message>
            <source>steps of %1</source>
            <translation>%1의 단계</translation>
        </message>
        <message>
            <source>%1: how far domains part</source>
            <translation>%1: 분야가 갈라지는 정도</translation>
        </message>
        <message>
            <source>%1: how routing settles</source>
            <translation>%1: 라우팅이 자리 잡는 과정</translation>
        </message>
        <message>
            <source>specialisation of %1</source>
            <translation>%1의 특화</translation>
        </message>
        <message>
            <source>saturation of %1</source>
            <translation>%1의 포화도</translation>
        </message>
        <message>
            <source>Mean divergence of the domains' use of experts, by layer; 0: all alike</source>
            <translation>층별, 분야별 전문가 사용의 평균 차이. 0: 모두 같음</translation>
        </message>
        <message>
            <source>Share of a token's experts that are already those of the end, by layer</source>
            <translation>층별, 토큰의 전문가 중 이미 마지막과 같은 비율</translation>
        </message>
        <message>
            <source>This file holds no recordings made during the training; `moescope train --record-every` makes them.</source>
            <translation>이 파일에는 학습 중에 만든 기록이 없습니다. `moescope train --record-every`로 만듭니다.</translation>
        </message>
        <message>
            <source>The filter does not apply here: steps are those of whole trainings.</source>
            <translation>여기에는 필터가 적용되지 않습니다. 단계는 학습 전체의 것입니다.</translation>
        </message>
    </context>
    <context>
        <name>moescope::TrainingTableModel</name>
        <message>
            <source>Strategy</source>
            <translation>전략</translation>
        </message>
        <message>
            <source>How the router was balanced while it was trained</source>
            <translation>학습 중 라우터의 균형을 잡은 방법</translation>
        </message>
        <message>
            <source>Loss</source>
            <translation>손실</translation>
        </message>
        <message>
            <source>The language model's training loss in nats a token, mean over the last tenth of steps</source>
            <translation>언어 모델의 학습 손실(토큰당 nat), 마지막 10분의 1 단계의 평균</translation>
        </message>
        <message>
            <source>MaxVio</source>
            <translation>최대 초과(MaxVio)</translation>
        </message>
        <message>
            <source>(largest load − mean load) / mean load of a batch, mean over layers and the last tenth of steps</source>
            <translation>배치의 (최대 부하 − 평균 부하) / 평균 부하, 층과 마지막 10분의 1 단계의 평균</translation>
        </message>
        <message>
            <source>CV</source>
            <translation>변동 계수(CV)</translation>
        </message>
        <message>
            <source>Standard deviation over mean of the loads of a batch, likewise</source>
            <translation>배치 부하의 표준편차를 평균으로 나눈 값, 같은 방식</translation>
        </message>
        <message>
            <source>Dead</source>
            <translation>미사용</translation>
        </message>
        <message>
            <source>Experts without a token in a batch, over all layers, mean over the last tenth of steps</source>
            <translation>배치에서 토큰이 없는 전문가, 모든 층 합계, 마지막 10분의 1 단계의 평균</translation>
        </message>
        <message>
            <source>Seeds</source>
            <translation>시드</translation>
        </message>
        <message>
            <source>Trainings of this strategy; ± is half of their range</source>
            <translation>이 전략의 학습 수. ±는 범위의 절반</translation>
        </message>
        <message>
            <source>Steps</source>
            <translation>단계</translation>
        </message>
        <message>
            <source>Optimiser steps trained</source>
            <translation>학습한 최적화 단계</translation>
        </message>
        <message>
            <source>perplexity %1</source>
            <translation>혼란도 %1</translation>
        </message>
    </context>
    <context>
        <name>TrainingViews</name>
        <message>
            <source>step</source>
            <translation>단계</translation>
        </message>
        <message>
            <source>load ratio</source>
            <translation>부하 비</translation>
        </message>
        <message>
            <source>tokens of these steps over the fair share; 1 is fair</source>
            <translation>이 단계들의 토큰을 공평한 몫으로 나눈 값. 1이 공평</translation>
        </message>
        <message>
            <source>MaxVio</source>
            <translation>최대 초과(MaxVio)</translation>
        </message>
        <message>
            <source>(largest load − mean load) / mean load of a batch</source>
            <translation>배치의 (최대 부하 − 평균 부하) / 평균 부하</translation>
        </message>
        <message>
            <source>CV</source>
            <translation>변동 계수(CV)</translation>
        </message>
        <message>
            <source>standard deviation over mean of the loads of a batch</source>
            <translation>배치 부하의 표준편차를 평균으로 나눈 값</translation>
        </message>
        <message>
            <source>dead</source>
            <translation>미사용</translation>
        </message>
        <message>
            <source>experts without a token in a batch</source>
            <translation>배치에서 토큰이 없는 전문가</translation>
        </message>
        <message>
            <source>loss (nats)</source>
            <translation>손실 (nat 단위)</translation>
        </message>
        <message>
            <source>dead experts a layer</source>
            <translation>층당 미사용 전문가</translation>
        </message>
        <message>
            <source>expert</source>
            <translation>전문가</translation>
        </message>
        <message>
            <source>layer</source>
            <translation>층</translation>
        </message>
        <message>
            <source>separability (bits)</source>
            <translation>분리도 (비트)</translation>
        </message>
        <message>
            <source>saturation</source>
            <translation>포화도</translation>
        </message>
        <message>
            <source>layer %1</source>
            <translation>%1층</translation>
        </message>
        <message>
            <source>A training begins.</source>
            <translation>학습이 시작됩니다.</translation>
        </message>
        <message>
            <source>Its curves appear with its first steps.</source>
            <translation>첫 단계가 끝나면 곡선이 나타납니다.</translation>
        </message>
        <message>
            <source>%1 is being trained: after %2 steps its loss is %3, its MaxVio %4.</source>
            <translation>%1 학습 중: %2단계 뒤의 손실은 %3, MaxVio는 %4입니다.</translation>
        </message>
        <message>
            <source>This file holds no training.</source>
            <translation>이 파일에는 학습이 없습니다.</translation>
        </message>
        <message>
            <source>`moescope train` trains a small model under balancing strategies and keeps its curves; datasets/models/demo/training.moescope holds the bundled model's.</source>
            <translation>`moescope train`은 작은 모델을 균형 전략별로 학습하고 곡선을 남깁니다. datasets/models/demo/training.moescope에는 함께 제공되는 모델의 학습이 있습니다.</translation>
        </message>
        <message>
            <source>Means over layers and the last tenth of the steps; thin lines are single seeds. Choose a row to see that training's experts over its steps.</source>
            <translation>층과 마지막 10분의 1 단계의 평균입니다. 가는 선은 시드 하나입니다. 행을 고르면 그 학습의 전문가를 단계별로 봅니다.</translation>
        </message>
        <message>
            <source>In %1 steps the loss fell from %2 to %3; MaxVio ended at %4.</source>
            <translation>%1단계 동안 손실이 %2에서 %3으로 내려갔고 MaxVio는 %4로 끝났습니다.</translation>
        </message>
        <message>
            <source>%1 balances best: MaxVio %2, against %3 of %4.</source>
            <translation>%1의 균형이 가장 좋습니다. MaxVio %2, %4는 %3.</translation>
        </message>
        <message>
            <source>All strategies balance alike: MaxVio %1.</source>
            <translation>모든 전략의 균형이 같습니다. MaxVio %1.</translation>
        </message>
        <message>
            <source>Their loss is alike too: %1.</source>
            <translation>손실도 같습니다. %1.</translation>
        </message>
        <message>
            <source>The lowest loss is %1 of %2; the highest is %3.</source>
            <translation>가장 낮은 손실은 %2의 %1, 가장 높은 손실은 %3입니다.</translation>
        </message>
        <message>
            <source>It also has the lowest loss, %1.</source>
            <translation>손실도 %1로 가장 낮습니다.</translation>
        </message>
        <message>
            <source>No other's loss is lower than its %1.</source>
            <translation>손실 %1보다 낮은 전략은 없습니다.</translation>
        </message>
        <message>
            <source>Its loss is %1; the lowest is %2 of %3.</source>
            <translation>손실은 %1이며 가장 낮은 것은 %3의 %2입니다.</translation>
        </message>
    </context>
    <context>
        <name>ClassViews</name>
        <message>
            <source>kind of token</source>
            <translation>토큰의 종류</translation>
        </message>
        <message>
            <source>expert</source>
            <translation>전문가</translation>
        </message>
        <message>
            <source>lift</source>
            <translation>향상도</translation>
        </message>
        <message>
            <source>tokens</source>
            <translation>토큰</translation>
        </message>
        <message>
            <source>share of this kind's tokens that have the expert, over the share of all tokens; 1 is no preference</source>
            <translation>이 종류의 토큰이 전문가를 가진 비율을 모든 토큰의 비율로 나눈 값. 1은 선호 없음</translation>
        </message>
        <message>
            <source>lift (1: no preference)</source>
            <translation>향상도 (1: 선호 없음)</translation>
        </message>
        <message>
            <source>&lt;b&gt;%1 · expert %2&lt;/b&gt;&lt;br&gt;lift &lt;b&gt;%3&lt;/b&gt; (chance: up to %4)&lt;br&gt;%5 of %6 tokens</source>
            <translation>&lt;b&gt;%1 · 전문가 %2&lt;/b&gt;&lt;br&gt;향상도 &lt;b&gt;%3&lt;/b&gt; (우연: %4까지)&lt;br&gt;토큰 %6개 중 %5개</translation>
        </message>
        <message>
            <source>no preference</source>
            <translation>선호 없음</translation>
        </message>
        <message>
            <source>In layer %1 no expert prefers a kind of token beyond chance.</source>
            <translation>%1층에는 우연을 넘어 한 종류의 토큰을 선호하는 전문가가 없습니다.</translation>
        </message>
        <message>
            <source>In layer %1, expert %2 goes by the surface: %3 of its tokens are %4, %5 their due.</source>
            <translation>%1층의 전문가 %2는 겉모습을 따릅니다. 토큰의 %3가 %4이며 제 몫의 %5입니다.</translation>
        </message>
        <message>
            <source>Kinds are told by a token's bytes alone: what an expert that follows the surface of the text, not its meaning, goes by.</source>
            <translation>종류는 토큰의 바이트만으로 정합니다. 뜻이 아니라 글의 겉모습을 따르는 전문가가 기대는 것입니다.</translation>
        </message>
    </context>
    <context>
        <name>moescope::CheckListMenu</name>
        <message>
            <source>Search</source>
            <translation>찾기</translation>
        </message>
        <message>
            <source>Search the list</source>
            <translation>목록에서 찾기</translation>
        </message>
    </context>
    <context>
        <name>moescope::CommandPalette</name>
        <message>
            <source>Commands</source>
            <translation>명령</translation>
        </message>
        <message>
            <source>A command, page, run, layer; 5:3 for an expert, #20 for a token</source>
            <translation>명령, 페이지, 실행, 층; 전문가는 5:3, 토큰은 #20</translation>
        </message>
        <message>
            <source>Command to look for</source>
            <translation>찾을 명령</translation>
        </message>
        <message>
            <source>Commands that fit</source>
            <translation>맞는 명령</translation>
        </message>
        <message>
            <source>Run %1</source>
            <translation>실행 %1</translation>
        </message>
        <message>
            <source>Layer %1</source>
            <translation>%1층</translation>
        </message>
        <message>
            <source>Expert %2 of layer %1</source>
            <translation>%1층의 전문가 %2</translation>
        </message>
        <message>
            <source>Token %1</source>
            <translation>토큰 %1</translation>
        </message>
    </context>
    <context>
        <name>moescope::FilterBar</name>
        <message>
            <source>Filter</source>
            <translation>필터</translation>
        </message>
        <message>
            <source>Only</source>
            <translation>범위</translation>
        </message>
        <message>
            <source>Which domains every page speaks of</source>
            <translation>모든 페이지가 다루는 도메인</translation>
        </message>
        <message>
            <source>All domains</source>
            <translation>모든 도메인</translation>
        </message>
        <message>
            <source>%1 domains</source>
            <translation>도메인 %1개</translation>
        </message>
        <message>
            <source>Which documents every page speaks of</source>
            <translation>모든 페이지가 다루는 문서</translation>
        </message>
        <message>
            <source>All documents</source>
            <translation>모든 문서</translation>
        </message>
        <message>
            <source>%1 documents</source>
            <translation>문서 %1개</translation>
        </message>
        <message>
            <source>Which layers every page speaks of</source>
            <translation>모든 페이지가 다루는 층</translation>
        </message>
        <message>
            <source>All layers</source>
            <translation>모든 층</translation>
        </message>
        <message>
            <source>%1 layers</source>
            <translation>층 %1개</translation>
        </message>
        <message>
            <source>Which experts every page speaks of</source>
            <translation>모든 페이지가 다루는 전문가</translation>
        </message>
        <message>
            <source>All experts</source>
            <translation>모든 전문가</translation>
        </message>
        <message>
            <source>%1 experts</source>
            <translation>전문가 %1개</translation>
        </message>
        <message>
            <source>Token text, /pattern/ or #id</source>
            <translation>토큰 텍스트, /정규식/ 또는 #번호</translation>
        </message>
        <message>
            <source>Text of the tokens that every page speaks of</source>
            <translation>모든 페이지가 다루는 토큰의 텍스트</translation>
        </message>
        <message>
            <source>Only tokens whose text holds this; /…/ is a regular expression, #N a vocabulary id</source>
            <translation>이 텍스트를 포함하는 토큰만; /…/는 정규식, #N은 어휘 번호</translation>
        </message>
        <message>
            <source>Clear</source>
            <translation>지우기</translation>
        </message>
        <message>
            <source>Speak of the whole run again (Ctrl+D)</source>
            <translation>다시 실행 전체를 다룸 (Ctrl+D)</translation>
        </message>
        <message>
            <source>Layer %1</source>
            <translation>%1층</translation>
        </message>
        <message>
            <source>Expert %1</source>
            <translation>전문가 %1</translation>
        </message>
        <message>
            <source>%1 of %2 tokens</source>
            <translation>토큰 %2개 중 %1개</translation>
        </message>
        <message>
            <source>all %1 tokens</source>
            <translation>토큰 %1개 모두</translation>
        </message>
        <message>
            <source> · %1 of %2 layers</source>
            <translation> · 층 %2개 중 %1개</translation>
        </message>
        <message>
            <source> · %1 experts</source>
            <translation> · 전문가 %1개</translation>
        </message>
        <message>
            <source>What every page and export speaks of</source>
            <translation>모든 페이지와 내보내기가 다루는 범위</translation>
        </message>
    </context>
    <context>
        <name>moescope::ImportDialog</name>
        <message>
            <source>Traces</source>
            <translation>추적 파일</translation>
        </message>
        <message>
            <source>Routing traces (*.csv *.safetensors);;All files (*)</source>
            <translation>라우팅 추적 (*.csv *.safetensors);;모든 파일 (*)</translation>
        </message>
        <message>
            <source>Recording to write</source>
            <translation>쓸 기록 파일</translation>
        </message>
        <message>
            <source>Recordings (*.db)</source>
            <translation>기록 (*.db)</translation>
        </message>
        <message>
            <source>Model folder</source>
            <translation>모델 폴더</translation>
        </message>
        <message>
            <source>Import</source>
            <translation>가져오기</translation>
        </message>
        <message>
            <source>Import routing</source>
            <translation>라우팅 가져오기</translation>
        </message>
        <message>
            <source>detected</source>
            <translation>자동 감지</translation>
        </message>
        <message>
            <source>counts (CSV)</source>
            <translation>횟수 (CSV)</translation>
        </message>
        <message>
            <source>router tensors (safetensors)</source>
            <translation>라우터 텐서 (safetensors)</translation>
        </message>
        <message>
            <source>as the file or the model says</source>
            <translation>파일이나 모델이 말하는 대로</translation>
        </message>
        <message>
            <source>Experts for each token</source>
            <translation>토큰당 전문가 수</translation>
        </message>
        <message>
            <source>Format</source>
            <translation>형식</translation>
        </message>
        <message>
            <source>Recording</source>
            <translation>기록</translation>
        </message>
        <message>
            <source>Choose counts (CSV: layer,expert,count or layer,expert,domain,count) or a dump of router tensors (safetensors).</source>
            <translation>횟수(CSV: layer,expert,count 또는 layer,expert,domain,count)나 라우터 텐서 덤프(safetensors)를 고르십시오.</translation>
        </message>
        <message>
            <source>Choose the recording to write.</source>
            <translation>쓸 기록 파일을 고르십시오.</translation>
        </message>
        <message>
            <source>The model's folder is optional: it gives gate and text.</source>
            <translation>모델 폴더는 없어도 됩니다. 있으면 게이트와 텍스트를 알 수 있습니다.</translation>
        </message>
    </context>
    <context>
        <name>moescope::JobQueue</name>
        <message>
            <source>waiting</source>
            <translation>대기 중</translation>
        </message>
        <message>
            <source>Taken from the queue.</source>
            <translation>대기열에서 뺐습니다.</translation>
        </message>
        <message>
            <source>starting</source>
            <translation>시작하는 중</translation>
        </message>
    </context>
    <context>
        <name>moescope::JobsPanel</name>
        <message>
            <source>No jobs. Recordings, trainings, imports and exports show here how far they are.</source>
            <translation>작업이 없습니다. 기록, 학습, 가져오기, 내보내기의 진행 상황이 여기에 보입니다.</translation>
        </message>
        <message>
            <source>Progress</source>
            <translation>진행</translation>
        </message>
        <message>
            <source>Show</source>
            <translation>보기</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>취소</translation>
        </message>
        <message>
            <source>Remove</source>
            <translation>지우기</translation>
        </message>
    </context>
    <context>
        <name>moescope::LiveStrip</name>
        <message>
            <source>Stop training</source>
            <translation>학습 멈추기</translation>
        </message>
        <message>
            <source>Progress</source>
            <translation>진행</translation>
        </message>
        <message>
            <source>Ends it behind the step under way; its checkpoint stays, and training again goes on from it</source>
            <translation>진행 중인 단계가 끝나면 멈춥니다. 체크포인트는 남고, 다시 학습하면 이어서 갑니다</translation>
        </message>
    </context>
    <context>
        <name>moescope::PathField</name>
        <message>
            <source>Browse…</source>
            <translation>찾아보기…</translation>
        </message>
    </context>
    <context>
        <name>moescope::TrainDialog</name>
        <message>
            <source>Texts: a folder whose sub-folders name domains</source>
            <translation>텍스트: 하위 폴더 이름이 도메인인 폴더</translation>
        </message>
        <message>
            <source>Tokenizer</source>
            <translation>토크나이저</translation>
        </message>
        <message>
            <source>Tokenizers (tokenizer.json)</source>
            <translation>토크나이저 (tokenizer.json)</translation>
        </message>
        <message>
            <source>Folder for the checkpoints</source>
            <translation>체크포인트 폴더</translation>
        </message>
        <message>
            <source>Recording to write</source>
            <translation>쓸 기록 파일</translation>
        </message>
        <message>
            <source>Recordings (*.db)</source>
            <translation>기록 (*.db)</translation>
        </message>
        <message>
            <source>Steps</source>
            <translation>단계</translation>
        </message>
        <message>
            <source>Layers</source>
            <translation>층</translation>
        </message>
        <message>
            <source>Hidden size</source>
            <translation>은닉 크기</translation>
        </message>
        <message>
            <source>Experts</source>
            <translation>전문가</translation>
        </message>
        <message>
            <source>Experts for each token</source>
            <translation>토큰당 전문가 수</translation>
        </message>
        <message>
            <source>Tokens of a step</source>
            <translation>한 단계의 토큰</translation>
        </message>
        <message>
            <source>Models for each strategy</source>
            <translation>전략당 모델 수</translation>
        </message>
        <message>
            <source>Train</source>
            <translation>학습</translation>
        </message>
        <message>
            <source>Train small models</source>
            <translation>작은 모델 학습</translation>
        </message>
        <message>
            <source>Balancing strategies</source>
            <translation>균형 전략</translation>
        </message>
        <message>
            <source>Texts</source>
            <translation>텍스트</translation>
        </message>
        <message>
            <source>Checkpoints</source>
            <translation>체크포인트</translation>
        </message>
        <message>
            <source>Recording</source>
            <translation>기록</translation>
        </message>
        <message>
            <source>Strategies</source>
            <translation>전략</translation>
        </message>
        <message>
            <source>Training</source>
            <translation>학습</translation>
        </message>
        <message>
            <source>steps of</source>
            <translation>단계, 단계당</translation>
        </message>
        <message>
            <source>tokens; models for each strategy</source>
            <translation>토큰; 전략당 모델 수</translation>
        </message>
        <message>
            <source>Model</source>
            <translation>모델</translation>
        </message>
        <message>
            <source>layers, hidden size</source>
            <translation>층, 은닉 크기</translation>
        </message>
        <message>
            <source>experts</source>
            <translation>전문가</translation>
        </message>
        <message>
            <source>for each token</source>
            <translation>토큰당</translation>
        </message>
        <message>
            <source>This program was built without the engine, so it cannot train.</source>
            <translation>이 프로그램은 엔진 없이 빌드되어 학습할 수 없습니다.</translation>
        </message>
        <message>
            <source>Choose the texts to train on.</source>
            <translation>학습할 텍스트를 고르십시오.</translation>
        </message>
        <message>
            <source>Choose a folder for the checkpoints.</source>
            <translation>체크포인트 폴더를 고르십시오.</translation>
        </message>
        <message>
            <source>Choose the recording to write.</source>
            <translation>쓸 기록 파일을 고르십시오.</translation>
        </message>
        <message>
            <source>Name a strategy: none, aux, aux+z, ...</source>
            <translation>전략을 적으십시오: none, aux, aux+z, ...</translation>
        </message>
        <message>
            <source>One model for each strategy and seed, on the same data in the same order.</source>
            <translation>전략과 시드마다 모델 하나, 같은 데이터를 같은 순서로 씁니다.</translation>
        </message>
    </context>
</TS>
