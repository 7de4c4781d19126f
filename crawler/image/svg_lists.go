// SPDX-FileCopyrightText: 2026 The Allmende authors
//
// SPDX-License-Identifier: EUPL-1.2

package image

import "strings"

// The lists are those of SVG 1.1 and 2 (https://www.w3.org/TR/SVG2/) without
// what runs, moves, links or loads: script, foreignObject, a, animate and its
// kin, feImage, fonts, cursors, and all events.

func set(names string) map[string]bool {
	m := map[string]bool{}
	for _, n := range strings.Fields(names) {
		m[n] = true
	}
	return m
}

var elements = set(`
	svg g defs symbol use switch title desc style image
	path rect circle ellipse line polyline polygon
	text tspan textPath
	linearGradient radialGradient stop pattern clipPath mask marker
	filter feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting
	feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur
	feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence`)

// holdsText are the elements whose text counts, textWithin those that may be
// in them.
var (
	holdsText  = set(`title desc style text tspan textPath`)
	textWithin = set(`title desc tspan textPath`)
)

var attributes = set(`
	id class role lang systemLanguage viewBox preserveAspectRatio version
	x y width height cx cy r rx ry x1 y1 x2 y2 dx dy d points pathLength transform rotate
	textLength lengthAdjust startOffset method spacing side
	gradientUnits gradientTransform spreadMethod fx fy fr offset
	patternUnits patternContentUnits patternTransform clipPathUnits maskUnits maskContentUnits
	markerUnits markerWidth markerHeight refX refY orient
	filterUnits primitiveUnits in in2 result type mode values tableValues slope intercept amplitude exponent
	operator k1 k2 k3 k4 order kernelMatrix divisor bias targetX targetY edgeMode preserveAlpha kernelUnitLength
	stdDeviation surfaceScale diffuseConstant specularConstant specularExponent limitingConeAngle
	azimuth elevation z pointsAtX pointsAtY pointsAtZ scale xChannelSelector yChannelSelector radius
	baseFrequency numOctaves seed stitchTiles`)

// spoken are attributes whose value is a text for people.
var spoken = set(`aria-label`)

// properties may stand in style and, as SVG has it, as attributes.
var properties = set(`
	alignment-baseline baseline-shift clip clip-path clip-rule color color-interpolation
	color-interpolation-filters direction display dominant-baseline fill fill-opacity fill-rule filter
	flood-color flood-opacity font font-family font-feature-settings font-size font-size-adjust font-stretch
	font-style font-variant font-weight image-rendering isolation letter-spacing lighting-color line-height
	marker marker-end marker-mid marker-start mask mask-type mix-blend-mode opacity overflow paint-order
	shape-rendering stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap
	stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-align text-anchor text-decoration
	text-rendering text-transform transform transform-box transform-origin unicode-bidi vector-effect
	visibility white-space word-spacing writing-mode
	x y width height cx cy r rx ry`)

// functions may stand in values; url is judged apart.
var functions = set(`
	rgb rgba hsl hsla hwb lab lch oklab oklch
	matrix translate translatex translatey scale scalex scaley rotate skewx skewy
	blur brightness contrast drop-shadow grayscale hue-rotate invert opacity saturate sepia
	circle ellipse inset polygon calc`)
